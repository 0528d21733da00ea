import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import * as answers from './support/answers';
import {
  Answers,
  answering,
  expectAccessible,
  expectNoSideScroll,
  openNotebook,
  panelOf,
  setWidth,
  showPanel,
  unfold
} from './support/panel';

interface State {
  name: string;
  own?: (path: string) => Answers;
  content?: object;
  open?: string[];
  act?: (panel: Locator) => Promise<void>;
  shows: RegExp;
}

const other = {
  ...answers.notebook,
  metadata: {
    language_info: { name: 'R' },
    kernelspec: { name: 'ir', display_name: 'R', language: 'R' }
  }
};
const failed = (path: string) =>
  answers.job({
    path,
    id: 'c1',
    state: 'failed',
    error: "Train failed in cell 7: NameError: name 'RandomForestClassifier' is not defined.",
    hint: 'Import it in a cell of an earlier step.',
    cell_id: 'rf',
    executed: 'late_pipeline/run/executed/30_train.ipynb'
  });

const states: State[] = [
  {
    name: 'other language',
    content: other,
    shows: /In R\. Only Python is checked\./
  },
  {
    name: 'exploration',
    own: () => ({ check: answers.check({ trains_model: false, ignored: [] }) }),
    shows: /Trains no model: nothing to hand over\./
  },
  {
    name: 'problems',
    act: async panel => {
      await panel.getByRole('button', { name: 'Good to know (1)' }).click();
      await panel.getByRole('button', { name: 'Ignored (1)' }).click();
      await panel.getByRole('button', { name: /^Why: Password/ }).click();
      await panel.getByRole('button', { name: /^More actions: Leave out/ }).click();
      await panel.page().getByRole('menuitem', { name: 'Ignore here' }).click();
    },
    shows: /3 Must fix|4 Must fix/
  },
  {
    name: 'unparsable',
    own: () => ({
      check: answers.check({
        findings: [],
        ignored: [],
        checked: 6,
        unparsable: [{ cell_id: 'judge', line: 1, message: 'invalid syntax' }]
      })
    }),
    shows: /Cell 8 does not parse \(line 1\); 6 checked\./
  },
  { name: 'steps suggested', open: ['Steps'], shows: /4 suggested, 3 left out/ },
  {
    name: 'steps none',
    own: () => ({ steps: answers.steps({ steps: [], cells: [], left_out: [], models: [] }) }),
    open: ['Steps'],
    shows: /No steps found/
  },
  {
    name: 'running',
    own: path => ({
      check: answers.check({ findings: [] }),
      jobs: { jobs: [answers.job({ path })] }
    }),
    open: ['Steps'],
    shows: /Test run 3\/4 Train/
  },
  {
    name: 'queued',
    own: path => ({
      check: answers.check({ findings: [] }),
      plan: answers.answered,
      jobs: {
        jobs: [
          answers.job({ path, kind: 'publish', state: 'queued', id: 'b1' }),
          answers.job({ path, id: 'b2' })
        ]
      }
    }),
    shows: /Publishes when the run is equal\./
  },
  {
    name: 'failed',
    own: path => ({ jobs: { jobs: [failed(path)] } }),
    open: ['Steps'],
    shows: /Train failed in cell 7/
  },
  {
    name: 'cancelled',
    own: path => ({ jobs: { jobs: [answers.job({ path, state: 'cancelled', id: 'd1' })] } }),
    shows: /Cancelled\. Nothing published\./
  },
  {
    name: 'tested',
    own: () => ({ check: answers.check({ findings: [] }), overview: answers.tested }),
    open: ['Steps'],
    shows: /Same result: AUC 0\.6884 in both\./
  },
  {
    name: 'questions',
    own: () => ({ check: answers.check({ findings: [] }), overview: answers.tested }),
    open: ['Publish'],
    act: async panel => {
      await panel.getByRole('button', { name: /^More \(/ }).click();
      await panel.getByRole('button', { name: 'Questions of a review (2 of 5 answered)' }).click();
      await panel.getByRole('button', { name: 'Change name and store' }).click();
    },
    shows: /3 questions open/
  },
  {
    name: 'published',
    own: () => ({
      check: answers.check({ findings: [], ignored: [] }),
      plan: answers.answered,
      overview: answers.published
    }),
    open: ['Publish', 'Inputs', 'Live'],
    act: panel => panel.getByRole('button', { name: 'How it was tested' }).click(),
    shows: /Retrains: not tried/
  },
  {
    name: 'changed since',
    own: () => ({
      check: answers.check({ findings: [] }),
      plan: answers.answered,
      overview: answers.overview({
        ...answers.published,
        published: { ...answers.published.published!, stale_cells: 2 },
        edited: ['train']
      })
    }),
    open: ['Steps'],
    shows: /Handed over: v1\. 2 cells changed since\./
  },
  {
    name: 'live alert',
    own: () => ({
      check: answers.check({ findings: [] }),
      plan: answers.answered,
      overview: answers.published,
      live: answers.live
    }),
    open: ['Live'],
    act: async panel => {
      await panel.getByRole('button', { name: /^What to do/ }).click();
      await panel.getByRole('button', { name: 'More actions: late_flights v2' }).click();
      await panel.getByRole('button', { name: /^Promote: Decides/ }).click();
    },
    shows: /Input changed since 3 Mar: wind_gust; may cost 4 points/
  },
  {
    name: 'inputs to decide',
    own: () => ({ check: answers.check({ findings: [] }), inputs: answers.doubtful }),
    open: ['Inputs'],
    act: async panel => {
      await panel.getByRole('button', { name: /^2 fine/ }).click();
    },
    shows: /2 inputs to decide\./
  },
  {
    name: 'to accept',
    own: () => ({
      check: answers.check({ findings: [] }),
      plan: answers.answered,
      overview: answers.published,
      live: answers.toAccept
    }),
    open: ['Live'],
    act: async panel => {
      await panel.getByRole('button', { name: /^Accept v2/ }).click();
    },
    shows: /has not accepted it yet/
  },
  {
    name: 'kernel lacks',
    own: () => ({
      overview: answers.overview({ lacks: ['joblib'], install: 'pip install joblib' })
    }),
    shows: /lacks joblib\. Run:/
  },
  {
    name: 'unreachable',
    own: () => ({ check: 'gone', steps: 'gone', plan: 'gone', overview: 'gone', jobs: 'gone' }),
    shows: /Server unreachable/
  }
];

for (const theme of ['light', 'dark'] as const) {
  test(`every state, ${theme}: accessible, and never wider than the panel`, async ({
    page,
    tmpPath
  }) => {
    const set = await answering(page);
    const shoot = async (name: string) => {
      await expectAccessible(page);
      await page.screenshot({ path: `screenshots/${theme}/${name.replace(/ /g, '-')}.png` });
    };
    if (theme === 'dark') {
      await page.theme.setDarkTheme();
    }
    await showPanel(page);
    await setWidth(page, 250);
    await test.step('no notebook', async () => {
      await expect(panelOf(page)).toContainText(
        'Open a notebook to see what ties it to this computer.'
      );
      await shoot('no notebook');
    });
    for (const state of states) {
      await test.step(state.name, async () => {
        const name = `${state.name.replace(/ /g, '-')}.ipynb`;
        set(state.own?.(`${tmpPath}/${name}`));
        const panel = await openNotebook(page, tmpPath, state.content, name);
        for (const section of state.open ?? []) {
          await unfold(panel, section);
        }
        await state.act?.(panel);
        await expect(panel).toContainText(state.shows);
        await expectNoSideScroll(page);
        await shoot(state.name);
        // Not closed as people close it: that would ask whether to save.
        await page.evaluate(() => window.jupyterapp.shell.currentWidget?.dispose());
      });
    }
  });
}
