import { expect, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';

import * as answers from './support/answers';
import { answering, open, openNotebook, panelOf } from './support/panel';
import { notebookInFront } from './support/watching';

/** Tags of each cell that has some, by its id. */
async function tags(page: Page): Promise<Record<string, string[]>> {
  const { cells } = JSON.parse(await notebookInFront(page)) as {
    cells: { id: string; metadata: { tags?: string[] } }[];
  };
  const tagged = cells.filter(cell => cell.metadata.tags?.length);
  return Object.fromEntries(tagged.map(cell => [cell.id, cell.metadata.tags!]));
}

test('problems are marked and steps named in the cells, one choice sets many, marks can be switched off', async ({
  page,
  tmpPath
}) => {
  await answering(page);
  const panel = await openNotebook(page, tmpPath);
  const cell = (number: number) => page.locator('.jp-Notebook .jp-Cell').nth(number - 1);

  await test.step('underlines and gutter marks', async () => {
    await expect(cell(2).locator('.jp-Handoff-mark')).toHaveText(
      '"postgresql://reader:tarmac@db.internal/ops"'
    );
    await expect(cell(3).locator('.jp-Handoff-mark')).toHaveCount(2);
    await expect(cell(4).locator('.jp-Handoff-mark')).toHaveCount(0);
    await expect(cell(2).locator('.cm-gutter-lint .cm-lint-marker')).toHaveCount(1);
    const hover = page.locator('.cm-tooltip-lint');
    await expect(async () => {
      await cell(1).hover();
      await cell(2).locator('.jp-Handoff-mark').hover();
      await expect(hover).toContainText('Password in a database address', { timeout: 2000 });
    }).toPass();
    await expect(hover).toContainText('Whoever gets the notebook gets the database.');
    await expect(hover.getByRole('button', { name: 'Fix' })).toBeVisible();
    await expect(hover.getByRole('button', { name: 'Ignore' })).toBeVisible();
  });

  await test.step('a strip on each stepped cell', async () => {
    await expect(page.locator('.jp-Handoff-strip')).toHaveText([
      '1 Loadsuggested',
      '2 Preparesuggested',
      '3 Trainsuggested',
      '4 Evaluatesuggested'
    ]);
  });

  await test.step('one choice for many cells, one undo', async () => {
    await cell(5).locator('.jp-InputPrompt').click();
    await cell(6)
      .locator('.jp-InputPrompt')
      .click({ modifiers: ['Shift'] });
    await cell(5).getByRole('button', { name: '2 Prepare' }).click();
    await expect(page.locator('.lm-Menu-item .lm-Menu-itemLabel')).toHaveText([
      'Settings',
      'Load',
      'Prepare',
      'Train',
      'Evaluate',
      'New...',
      'Leave out',
      'Clear'
    ]);
    await page.locator('.lm-Menu').getByRole('menuitem', { name: 'Train' }).click();
    await expect.poll(() => tags(page)).toEqual({ prepare: ['stage:train'], lr: ['stage:train'] });
    await page.evaluate(() => window.jupyterapp.commands.execute('notebook:undo-cell-action'));
    await expect.poll(() => tags(page)).toEqual({});
  });

  await test.step('the same from the cell toolbar, with a name of its own', async () => {
    await cell(4).locator('.cm-content').click();
    await cell(4).getByRole('button', { name: 'Set the step of this cell' }).click();
    await page.getByRole('menuitem', { name: 'New...' }).click();
    const name = panel.getByLabel('Name of the new step');
    await expect(name).toBeFocused();
    await name.fill('Report late flights');
    await name.press('Enter');
    await expect.poll(() => tags(page)).toEqual({ look: ['stage:report_late_flights'] });
  });

  await test.step('next problem, by key', async () => {
    await cell(1).click();
    await page.keyboard.press('F8');
    await expect(cell(2)).toHaveClass(/jp-mod-active/);
    await page.keyboard.press('F8');
    await expect(cell(3)).toHaveClass(/jp-mod-active/);
    await page.keyboard.press('Shift+F8');
    await expect(cell(2)).toHaveClass(/jp-mod-active/);
  });

  await test.step('marks off', async () => {
    await page.evaluate(() => window.jupyterapp.commands.execute('handoff:toggle-marks'));
    await expect(page.locator('.jp-Handoff-mark, .jp-Handoff-strip, .cm-gutter-lint')).toHaveCount(
      0
    );
    await page.evaluate(() => window.jupyterapp.commands.execute('handoff:toggle-marks'));
    await expect(page.locator('.jp-Handoff-strip')).toHaveCount(4);
  });
});

/** What people look at and never hand over: paths, plots, shell lines, tables, half-finished thoughts. */
const explorations = [
  'import pandas as pd\nrows = pd.read_csv("/home/maya/sales.csv")\nrows.describe()',
  'import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.savefig("/tmp/plot.png")',
  '!pip install tabulate\n%cd ~/work',
  'print(undefined_name)',
  'from numpy import *\nmean(array([1, 2]))',
  'import os\nfor name in os.listdir("C:\\\\Users\\\\maya"):\n    print(name)',
  'total = 0\nfor number in range(10):\n    total += number\ntotal',
  'import sqlite3\nlist(sqlite3.connect("/var/data/flights.db").execute("select 1"))',
  'def area(radius):\n    return 3.14 * radius ** 2\n\narea(2)',
  'x = "half a thought'
];

test('ten notebooks that only look: no count, no marks', async ({ page, tmpPath }) => {
  for (const [index, source] of explorations.entries()) {
    const path = `${tmpPath}/looking-${index}.ipynb`;
    const content = {
      ...answers.notebook,
      cells: [
        {
          id: 'look',
          cell_type: 'code',
          source,
          metadata: {},
          outputs: [],
          execution_count: 3 - (index % 2)
        }
      ]
    };
    await page.contents.uploadContent(JSON.stringify(content), 'text', path);
    const checked = page.waitForResponse(response => response.url().includes('/handoff/check'));
    await open(page, path);
    await checked;
    const front = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
    await expect(front.getByRole('button', { name: /^Hand off/ })).toHaveText('Hand off');
    await expect(page.locator('.jp-Handoff-statusItem')).toHaveText('Handoff');
  }
  await page.evaluate(() => window.jupyterapp.commands.execute('handoff:show-panel'));
  await expect(panelOf(page)).toContainText('Trains no model: nothing to hand over.');
  await expect(page.locator('.jp-Handoff-mark, .jp-Handoff-strip, .cm-gutter-lint')).toHaveCount(0);
});
