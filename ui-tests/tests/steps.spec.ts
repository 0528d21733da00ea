import { expect, test } from '@jupyterlab/galata';
import * as fs from 'fs';
import * as path from 'path';

import { root } from './support/example';
import { openNotebook, unfold } from './support/panel';
import { rows, untagged } from './support/small';
import { expectNoDialogs, watchDialogs } from './support/watching';

/** A job takes seconds on a quiet machine; on a busy one it takes what it takes. */
const LONG = 300_000;

test('suggest, retag, see what a step needs, build, run, run again, open a run, merge an edit', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(900_000);
  await page.contents.uploadContent(rows(), 'text', `${tmpPath}/rows.csv`);
  const panel = await openNotebook(page, tmpPath, untagged(), 'steps.ipynb');
  await watchDialogs(page);
  await unfold(panel, '2 Steps');
  const steps = panel.getByRole('grid', { name: 'Steps' });
  const cell = (number: number) => page.locator('.jp-Notebook .jp-Cell').nth(number - 1);
  const menu = async (name: string) => {
    await panel.getByRole('button', { name: 'More actions: Steps' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  const idle = () => expect(panel).not.toContainText('You can close this tab.', { timeout: LONG });

  await test.step('what is missing is offered as a cell or a form, and taken back in one step', async () => {
    await unfold(panel, '1 Check');
    await panel.getByRole('button', { name: /^Good to know/ }).click();
    const cells = page.locator('.jp-Notebook .jp-Cell');
    const keep = panel.getByRole('button', { name: /^Fix: logit is gone/ });
    await keep.click();
    await expect(keep).toHaveCount(0);
    await expect(cells).toHaveCount(9);
    await expect(cell(8)).toContainText('joblib.dump(logit, "logit.joblib")');
    await panel.getByRole('button', { name: 'Undo' }).click();
    await expect(keep).toBeVisible();
    await expect(cells).toHaveCount(8);

    const plan = path.join(root, tmpPath, 'steps.handoff.yaml');
    const form = panel.getByRole('button', { name: /^Fix: There is no plan/ });
    await form.click();
    await expect(form).toHaveCount(0);
    expect(fs.readFileSync(plan, 'utf8')).toContain('owner: {name: "", contact: ""}');
    await panel.getByRole('button', { name: 'Undo' }).click();
    await expect(form).toBeVisible();
    expect(fs.existsSync(plan)).toBe(false);
  });

  await test.step('suggested, with a choice of models', async () => {
    await expect(panel).toContainText(/\d suggested, \d left out/);
    await expect(panel.getByRole('radio', { name: 'logit, cell 7' })).toBeChecked();
    await panel.getByRole('radio', { name: 'tree, cell 6' }).check();
    await expect(page.locator('.jp-Handoff-strip', { hasText: 'Train' })).toHaveCount(1);
    await expect(cell(6).locator('.jp-Handoff-strip')).toContainText('Train');
    await panel.getByRole('radio', { name: 'logit, cell 7' }).check();
    await expect(cell(7).locator('.jp-Handoff-strip')).toContainText('Train');
  });

  await test.step('a cell left to the slice: "+1 needed", and why', async () => {
    await panel.getByRole('button', { name: 'Keep suggestions' }).click();
    await expect(panel.getByRole('button', { name: 'Keep suggestions' })).toHaveCount(0);
    await expect(panel).toContainText('4 steps, 2 left out');
    await cell(3).locator('.jp-Handoff-strip button').click();
    await page.getByRole('menuitem', { name: 'Clear' }).click();
    const needed = steps.getByRole('button', { name: /^\+1 needed: .*largest/ });
    await expect(needed).toBeVisible();
    await needed.click();
    await expect(steps).toContainText(/cell 3: cell 5 needs .*largest/);
  });

  await test.step('checked against the running kernel: here none runs, which is said kindly', async () => {
    await panel.getByRole('button', { name: /Check against the running kernel/ }).click();
    await expect(panel).toContainText('No kernel runs for this notebook.');
  });

  const folder = path.join(root, tmpPath, 'steps_pipeline');
  await test.step('build only: files, nothing run', async () => {
    await menu('Build only');
    await expect
      .poll(() => fs.existsSync(path.join(folder, 'pipeline.yaml')), { timeout: 60_000 })
      .toBe(true);
    await idle();
    expect(fs.existsSync(path.join(folder, 'run', 'executed'))).toBe(false);
  });

  await test.step('run, with progress', async () => {
    await panel.getByRole('button', { name: 'Test run' }).last().click();
    await expect(panel.locator('.jp-Handoff-jobText')).toContainText(/Test run \d\/\d \w+/, {
      timeout: LONG
    });
    await idle();
    await expect(panel).toContainText(/Same result: \w+ 0\.\d+ in both\./);
    await expect(steps).toContainText(/ s\b/);
  });

  await test.step('run again: unchanged', async () => {
    await panel.getByRole('button', { name: 'Test run' }).last().click();
    await expect(panel).toContainText('You can close this tab.');
    await idle();
    await expect(steps.getByText(/unchanged/)).toHaveCount(
      await steps.getByText(/Open run/).count()
    );
  });

  await test.step('an executed step opens', async () => {
    await steps.getByRole('button', { name: 'Open run: Train' }).click();
    await expect(page.getByRole('tab', { name: /_train\.ipynb$/ })).toBeVisible();
    await page.evaluate(() => window.jupyterapp.shell.currentWidget?.dispose());
  });

  await test.step('an edit by hand is shown, and merged', async () => {
    const stage = fs.readdirSync(path.join(folder, 'stages')).find(name => /_train/.test(name))!;
    const file = path.join(folder, 'stages', stage);
    const edited = fs
      .readFileSync(file, 'utf8')
      .replace('LogisticRegression()', 'LogisticRegression(C=0.5)');
    fs.writeFileSync(file, edited);
    await page.evaluate(async () => {
      const { context } = window.jupyterapp.shell.currentWidget as unknown as {
        context: { save(): Promise<void> };
      };
      await context.save();
    });
    await expect(steps).toContainText('edited by you');
    await menu('Merge my edits');
    const tab = page.locator('.jp-Handoff-preview');
    await expect(tab).toContainText('Train: 1 place edited');
    await expect(tab.locator('.jp-mod-new')).toContainText('LogisticRegression(C=0.5)');
    await tab.getByRole('button', { name: 'Merge my edits' }).click();
    await idle();
    expect(fs.readFileSync(file, 'utf8')).toContain('LogisticRegression(C=0.5)');
  });
  await expectNoDialogs(page);
});
