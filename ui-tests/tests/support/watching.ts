import { expect } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';

/** Counts the clicks of a journey and its seconds. */
export class Journey {
  clicks = 0;
  private readonly began = Date.now();

  async click(target: Locator): Promise<void> {
    await target.click();
    this.clicks += 1;
  }

  get seconds(): number {
    return Math.round((Date.now() - this.began) / 1000);
  }
}

declare global {
  interface Window {
    dialogsSeen: string[];
  }
}

/** Remember every dialog that comes up from now on. */
export async function watchDialogs(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.dialogsSeen = [];
    new MutationObserver(changes => {
      for (const node of changes.flatMap(change => [...change.addedNodes])) {
        if (node instanceof HTMLElement && node.matches('.jp-Dialog, dialog')) {
          window.dialogsSeen.push(node.innerText);
        }
      }
    }).observe(document.body, { childList: true });
  });
}

export async function expectNoDialogs(page: Page): Promise<void> {
  expect(await page.evaluate(() => window.dialogsSeen)).toEqual([]);
}

/** Terms of the code, in whose place people see other words. */
const replaced =
  /\b(findings?|stages?|pipelines?|features?|locks?|rehears\w*|parity|champion|challenger|shadow)\b/i;

/** No replaced term in what the panel says; names of files and what the notebook says itself are not ours. */
export async function expectOurWords(panel: Locator): Promise<void> {
  const text = await panel.innerText();
  const lines = text.split('\n').filter(line => !/\.(ipynb|lock|yaml|md|csv)\b/.test(line));
  expect(lines.filter(line => replaced.test(line))).toEqual([]);
}

/** The notebook in front as it stands in the editor, outputs included. */
export function notebookInFront(page: Page): Promise<string> {
  return page.evaluate(() => {
    const widget = window.jupyterapp.shell.currentWidget as unknown as {
      context: { model: { toJSON(): object } };
    };
    return JSON.stringify(widget.context.model.toJSON());
  });
}
