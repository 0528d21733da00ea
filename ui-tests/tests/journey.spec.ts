import { expect, test } from '@jupyterlab/galata';
import * as fs from 'fs';
import * as path from 'path';

import { copyExample, root } from './support/example';
import {
  expectAccessible,
  expectNoSideScroll,
  open,
  panelOf,
  setWidth,
  showPanel
} from './support/panel';
import {
  expectNoDialogs,
  expectOurWords,
  Journey,
  notebookInFront,
  watchDialogs
} from './support/watching';

/** A job takes a minute on a quiet machine; on a busy one it takes what it takes. */
const LONG = 800_000;

const images = path.resolve(__dirname, '../../docs/images');

test('from the example as it was left to a model that a stranger can run', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(1_800_000);
  // Where a newcomer's JupyterLab has it: at the root, seen when the page loads.
  const notebook = copyExample('');
  await page.reload();
  await showPanel(page);
  const panel = panelOf(page);
  await panel.getByRole('button', { name: 'Open example' }).click();
  await expect(page.getByRole('tab', { name: 'flight_delays.ipynb' })).toBeVisible();
  await page.sidebar.close('right');
  await page.sidebar.close('left');
  await watchDialogs(page);
  const main = panel.locator('[data-focus="main"]');
  const journey = new Journey();

  const shoot = async (name: string) => {
    await page.screenshot({ path: `screenshots/journey/light/${name}.png` });
    await page.theme.setDarkTheme();
    await page.screenshot({ path: `screenshots/journey/dark/${name}.png` });
    await page.theme.setLightTheme();
  };
  const look = async (name: string) => {
    await expectOurWords(panel);
    await expectAccessible(page);
    await expectNoSideScroll(page);
    await shoot(name);
  };

  await test.step('open: already checked', async () => {
    await journey.click(page.getByRole('button', { name: /^Hand off/ }));
    await expect(main).toHaveText(/^Fix \d+ safe problems$/);
    await setWidth(page, 300);
    await look('1-problems');
    if (process.env.HANDOFF_UI_IMAGES) {
      for (const theme of ['light', 'dark']) {
        fs.copyFileSync(
          `screenshots/journey/${theme}/1-problems.png`,
          path.join(images, `sidebar-${theme}.png`)
        );
      }
    }
  });

  await test.step('fix all, undo: the notebook is what it was', async () => {
    const before = await notebookInFront(page);
    const variables = path.join(root, path.dirname(notebook), '.env.example');
    const named = () => (fs.existsSync(variables) ? fs.readFileSync(variables, 'utf-8') : '');
    await journey.click(main);
    await expect(panel.getByRole('button', { name: /^Fixed \(\d+\)$/ })).toBeVisible();
    await expect.poll(named).toContain('POSTGRES_PASSWORD=\n');
    await look('2-fixed');
    expect(await notebookInFront(page)).not.toBe(before);
    await panel.getByRole('button', { name: 'Undo' }).click();
    await expect(main).toHaveText(/^Fix \d+ safe problems$/);
    expect(JSON.parse(await notebookInFront(page))).toEqual(JSON.parse(before));
    await expect.poll(named).toBe('');
    await main.click();
    await expect(panel.getByRole('button', { name: /^Fixed \(\d+\)$/ })).toBeVisible();
    await expect.poll(named).toContain('POSTGRES_PASSWORD=\n');
  });

  await test.step('decide what only a person can', async () => {
    await expect(main).toHaveText(/^(Decide|Test run)/);
    for (let left = 5; left && /^Decide/.test(await main.innerText()); left--) {
      const said = await main.innerText();
      const row = panel.locator('.jp-Handoff-row', {
        hasText: said.replace(/^Decide: /, '').slice(0, 24)
      });
      await journey.click(row.getByRole('button', { name: /^Fix: / }).first());
      await expect(main).not.toHaveText(said);
    }
    await look('3-decided');
  });

  await test.step('test run: the same result', async () => {
    await journey.click(main);
    await expect(panel).toContainText('You can close this tab.');
    await look('4-test-run');
    await expect(panel).not.toContainText('You can close this tab.', { timeout: LONG });
    await expect(panel).toContainText('Same result');
    await look('5-tested');
  });

  await test.step('publish: tested on a clean machine', async () => {
    await expect(main).toHaveText('Publish');
    await journey.click(main);
    await expect(panel).toContainText('You can close this tab.');
    await look('6-publishing');
    await expect(panel).toContainText('Handed over: v1, tested on a clean machine.', {
      timeout: LONG
    });
    await look('7-published');
  });

  console.log(`The journey: ${journey.clicks} clicks, ${journey.seconds} s`);
  expect(journey.clicks).toBeLessThanOrEqual(5);

  await test.step('the questions of a review are answered from the plan', async () => {
    const asked = panel.getByRole('button', {
      name: /^Questions of a review \(\d of 5 answered\)$/
    });
    await asked.click();
    const list = panel.getByRole('grid', { name: 'Questions of a review' });
    await expect(list.getByRole('row')).toHaveCount(5);
    await expect(list.getByRole('row').first()).toContainText('Maya Okafor');
    await panel.getByRole('button', { name: 'How it was tested' }).click();
    await expect(panel).toContainText(/Predicts: passed, [\d,]+ values compared/);
    await setWidth(page, 250);
    await look('7-evidence');
    await asked.click();
  });

  await test.step('the card is one click away', async () => {
    await panel.getByRole('button', { name: 'Open: Card' }).click();
    await expect(page.getByRole('tab', { name: /card\.html/i })).toBeVisible();
    const card = page.frameLocator('.jp-HTMLViewer iframe');
    await expect(card.getByRole('heading', { name: 'flight_delays', level: 1 })).toBeVisible();
    await expect(card.locator('#decide')).toContainText('Maya Okafor');
    await expect(card.locator('#decide')).toContainText(/Of 100 cases it gets \d+ right/);
    await expect(card.locator('#review')).toContainText('Same result as the notebook: yes');
    // Else the page is told what the test prefers, not what JupyterLab's theme is.
    await page.emulateMedia({ colorScheme: null });
    const paper = () =>
      card.locator('body').evaluate(body => getComputedStyle(body).backgroundColor);
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await page.theme.setDarkTheme();
    await expect.poll(paper).toBe('rgb(22, 25, 29)');
    await page.theme.setLightTheme();
    await shoot('8-card');
  });

  await test.step('what changed since is one click away', async () => {
    await open(page, notebook);
    await page.evaluate(async () => {
      const { context } = window.jupyterapp.shell.currentWidget as unknown as {
        context: {
          model: {
            sharedModel: { cells: { getSource(): string; setSource(text: string): void }[] };
          };
          save(): Promise<void>;
        };
      };
      const last = context.model.sharedModel.cells.at(-1)!;
      last.setSource(`${last.getSource()}\n# looked at again`);
      await context.save();
    });
    await expect(panel).toContainText('Handed over: v1. 1 cell changed since.');
    await panel.getByRole('button', { name: 'Compare', exact: true }).click();
    const tab = page.locator('.jp-Handoff-preview');
    await expect(tab).toContainText('looked at again', { timeout: LONG });
    await expect(tab.getByRole('listitem').first()).toHaveText(
      'flight_delays.ipynb: 1 cell changed'
    );
    await shoot('9-compared');
  });
  await expectNoDialogs(page);
});
