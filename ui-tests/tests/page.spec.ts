import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ChildProcess, spawn } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

/** The page that a served version shows to people who don't code. */
const port = process.env.HANDOFF_PAGE_PORT ?? '8898';
const url = `http://127.0.0.1:${port}/`;
let gateway: ChildProcess;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'handoff-page-'));
  gateway = spawn('python', ['-m', 'tests.serve.for_browser', folder, port], {
    cwd: path.join(__dirname, '..', '..'),
    stdio: 'ignore'
  });
  const ready = () =>
    fetch(`${url}ready`).then(
      answer => answer.status,
      () => 0
    );
  await expect.poll(ready, { timeout: 170_000, intervals: [500] }).toBe(200);
});

test.afterAll(() => {
  gateway.kill('SIGTERM');
});

/** Ask with the form as it stands, and wait for what comes. */
async function ask(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.locator('.answer').waitFor();
}

async function expectClean(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`form, answer, refusal and thanks are accessible, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(url);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const bright = Math.max(...ground.match(/\d+/g)!.slice(0, 3).map(Number)) > 127;
    expect(bright).toBe(colorScheme === 'light');
    await expectClean(page);
    await ask(page);
    await expect(page.locator('#heading-answer')).not.toHaveText('');
    await expectClean(page);
    await page.getByRole('button', { name: 'Yes' }).click();
    await expect(page.getByText('Thank you.')).toBeVisible();
    await expectClean(page);
    await page.locator('#input-wind').fill('a gale');
    await ask(page);
    await expect(page.getByRole('alert')).toContainText('Please correct 1 field');
    await expectClean(page);
  });
}

test('nothing is wider than a phone, and all can be pressed with a thumb', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(url);
  await ask(page);
  for (const part of await page.locator('details > summary').all()) {
    await part.click();
  }
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
  for (const button of await page.getByRole('button').all()) {
    if (await button.isVisible()) {
      expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(24);
    }
  }
});

test('a case is asked and its outcome reported by keyboard alone', async ({ page }) => {
  await page.goto(url);
  const focused = () =>
    page.evaluate(() => {
      const node = document.activeElement as HTMLInputElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      return {
        name: node.name || node.innerText,
        seen: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0
      };
    });
  const reach = async (name: string) => {
    for (let turn = 0; turn < 40 && (await focused()).name !== name; turn++) {
      await page.keyboard.press('Tab');
    }
    expect(await focused()).toEqual({ name, seen: true });
  };
  await reach('wind');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await page.locator('#heading-answer').waitFor();
  await expect(page.locator('#input-wind')).toHaveValue('12');
  await page.keyboard.press('Tab');
  await reach('truth');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Thank you.')).toBeVisible();
});
