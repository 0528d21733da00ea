import { expect, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';

import { copyExample } from './support/example';
import { open, panelOf } from './support/panel';
import { expectNoDialogs, watchDialogs } from './support/watching';

/** What has the focus: its words, and whether that can be seen. */
function focus(page: Page): Promise<{ text: string; inside: boolean; seen: boolean }> {
  return page.evaluate(() => {
    const node = document.activeElement as HTMLElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(node);
    return {
      text: node.getAttribute('aria-label') ?? node.innerText,
      inside: node.closest('#handoff-panel') !== null,
      seen: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0
    };
  });
}

async function expectFocus(page: Page, text: RegExp): Promise<void> {
  await expect.poll(async () => (await focus(page)).text).toMatch(text);
  expect(await focus(page)).toMatchObject({ inside: true, seen: true });
}

test('the way to a test run without a mouse, the focus always in sight', async ({
  page,
  tmpPath
}) => {
  await open(page, copyExample(tmpPath));
  await watchDialogs(page);
  const panel = panelOf(page);
  const main = panel.locator('[data-focus="main"]');

  await page.keyboard.press('Control+F8');
  await expectFocus(page, /^Fix \d+ safe problems$/);
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('button', { name: /^Fixed \(\d+\)$/ })).toBeVisible();
  await expect(main).not.toHaveText(/^Fix/);
  await expectFocus(page, /^(Decide|Test run)/);

  for (let left = 5; left && /^Decide/.test(await main.innerText()); left--) {
    const said = await main.innerText();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await focus(page)).text).not.toBe(said);
    await page.keyboard.press('ArrowRight');
    await expectFocus(page, /^Fix: /);
    await page.keyboard.press('Enter');
    await expect(main).not.toHaveText(said);
    // The row is gone: the focus went on within the panel.
    await expect.poll(async () => (await focus(page)).inside).toBe(true);
  }

  await page.keyboard.press('Control+F8');
  await expectFocus(page, /^Test run$/);
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('You can close this tab.');
  await expect.poll(async () => (await focus(page)).inside).toBe(true);

  await page.keyboard.press('Control+F8');
  for (let stops = 0; stops < 6 && !/^Cancel/.test((await focus(page)).text); stops++) {
    await page.keyboard.press('Tab');
  }
  await expectFocus(page, /^Cancel: Test run/);
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('Cancelled. Nothing published.', { timeout: 60_000 });
  await expect.poll(async () => (await focus(page)).inside).toBe(true);
  await page.keyboard.press('Escape');
  await expectNoDialogs(page);
});
