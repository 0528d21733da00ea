import { expect, IJupyterLabPageFixture } from '@jupyterlab/galata';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import * as answers from './answers';

export type Answers = Record<string, unknown>;

/**
 * Answer the sidebar's requests in the server's place; what is not named gets an ordinary answer, and `gone` none.
 *
 * @returns a function that sets other answers
 */
export async function answering(page: Page): Promise<(own?: Answers) => void> {
  const usual: Answers = {
    check: answers.check(),
    steps: answers.steps(),
    inputs: answers.inputs(),
    plan: answers.plan(),
    overview: answers.overview(),
    jobs: { jobs: [] },
    live: { tracking_uri: '', as_of: '', models: [] },
    compare: { summary: [], diff: '' },
    fix: { missing: [], change: answers.noChange, diff: answers.fixDiff, advice: [] },
    ignore: {}
  };
  let current = usual;
  await page.route(/\/handoff\/(\w+)/, route => {
    const name = /\/handoff\/(\w+)/.exec(route.request().url())![1];
    const answer = current[name];
    return answer === 'gone' ? route.abort() : route.fulfill({ json: answer });
  });
  return own => {
    current = { ...usual, ...own };
  };
}

/** The sidebar. */
export function panelOf(page: Page): Locator {
  return page.locator('#handoff-panel');
}

/** Open a notebook by its path, and wait until it stands in front. It needs no kernel to be checked. */
export async function open(page: Page, path: string, kernel = false): Promise<void> {
  await page.evaluate(
    async ({ wanted, preference }) => {
      const widget = (await window.jupyterapp.commands.execute('docmanager:open', {
        path: wanted,
        kernelPreference: preference
      })) as unknown as { context: { ready: Promise<void> }; revealed: Promise<void> };
      await widget.context.ready;
      await widget.revealed;
    },
    { wanted: path, preference: kernel ? {} : { shouldStart: false } }
  );
}

/** Open a notebook, made from these cells, and the sidebar. */
export async function openNotebook(
  page: IJupyterLabPageFixture,
  tmpPath: string,
  content: object = answers.notebook,
  name = 'late.ipynb'
): Promise<Locator> {
  await page.contents.uploadContent(JSON.stringify(content), 'text', `${tmpPath}/${name}`);
  await open(page, `${tmpPath}/${name}`);
  await showPanel(page);
  await expect(panelOf(page).locator('h2, .jp-Handoff-empty').first()).toBeVisible();
  return panelOf(page);
}

export async function showPanel(page: IJupyterLabPageFixture): Promise<void> {
  await page.evaluate(() => window.jupyterapp.commands.execute('handoff:show-panel'));
  await expect(panelOf(page)).toBeVisible();
}

/** Unfold a section by its name. */
export async function unfold(panel: Locator, name: string): Promise<void> {
  const header = panel.getByRole('heading', { level: 3 }).getByRole('button', { name });
  await expect(async () => {
    if ((await header.getAttribute('aria-expanded')) === 'false') {
      await header.click();
    }
    await expect(header).toHaveAttribute('aria-expanded', 'true', { timeout: 1000 });
  }).toPass();
}

/** Make the right side this wide. */
export async function setWidth(page: IJupyterLabPageFixture, width: number): Promise<void> {
  await page.evaluate(wanted => {
    const { shell } = window.jupyterapp;
    const area = document.getElementById('jp-right-stack')!;
    const split = (
      shell as unknown as {
        _hsplitPanel: {
          relativeSizes(): number[];
          setRelativeSizes(sizes: number[]): void;
          node: HTMLElement;
        };
      }
    )._hsplitPanel;
    const whole = split.node.clientWidth;
    const left = document.getElementById('jp-left-stack')?.clientWidth ?? 0;
    split.setRelativeSizes([left, whole - left - wanted, wanted]);
    return area.clientWidth;
  }, width);
  await page.waitForFunction(
    wanted => Math.abs((document.getElementById('handoff-panel')?.clientWidth ?? 0) - wanted) < 30,
    width
  );
}

/** What JupyterLab itself reports, on any panel: not ours to mend. */
const allowed = ['aria-allowed-attr', 'button-name', 'heading-order'];

/** No violation in the sidebar, nor in what we put elsewhere. */
export async function expectAccessible(page: Page): Promise<void> {
  const ours = [
    '#handoff-panel',
    '.jp-Handoff-toolbarItem',
    '.jp-Handoff-statusItem',
    '.jp-Handoff-strip',
    '.jp-Handoff-preview'
  ];
  let builder = new AxeBuilder({ page });
  for (const selector of ours) {
    if (await page.locator(selector).count()) {
      builder = builder.include(selector);
    }
  }
  const { violations } = await builder.disableRules(allowed).analyze();
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(node => `${node.target.join(' ')} ${node.any.map(one => one.message).join(';')}`).join('\n')}`
    )
  ).toEqual([]);
}

/** Nothing in the panel is wider than the panel. */
export async function expectNoSideScroll(page: Page): Promise<void> {
  const wide = await page.evaluate(() => {
    const panel = document.getElementById('handoff-panel')!;
    const edge = panel.getBoundingClientRect().right + 1;
    const over = [...panel.querySelectorAll('*')].filter(
      node => !node.closest('.jp-Handoff-spoken') && node.getBoundingClientRect().right > edge
    );
    return {
      scroll: panel.scrollWidth - panel.clientWidth,
      over: over.map(node => node.className)
    };
  });
  expect(wide).toEqual({ scroll: 0, over: [] });
}
