import { UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { act, fireEvent, render, screen } from '@testing-library/react';
import * as React from 'react';

import { build, testRun } from '../../actions/running';
import { CommandIDs } from '../../commands';
import { Overview, Progress, StageRun } from '../../contracts';
import { tagsOf } from '../../notebook/celltext';
import { RequestError } from '../../server/request';
import { FakeServer, job, overview, settled, steps, world, World } from '../../test/fake';
import { makeWords } from '../../words';
import { ComparisonTab } from '../comparison';
import { Hindrances } from '../empty';
import { StepsSection } from '../steps';

jest.mock('../../server/request');

const oneStep = () =>
  steps({
    steps: [{ stage: 'load', title: 'Load', cells: ['c0'], pulled: [], pulled_reason: '' }]
  });

const ran = (changes: Partial<StageRun> = {}): StageRun => ({
  name: 'load',
  status: 'cached',
  seconds: 1.44,
  notebook: 'run/executed/10_load.ipynb',
  memory_mb: 1,
  key: '',
  error: '',
  cell_id: '',
  ...changes
});

const told = (status: Progress['status']): Progress => ({
  step: 'run',
  status,
  part: 'load',
  done: 1,
  total: 1,
  seconds: 1,
  expected: 0,
  detail: ''
});

async function shown(routes: FakeServer['routes'], commands = new CommandRegistry()) {
  const server = new FakeServer();
  Object.assign(server.routes, { 'POST steps': oneStep, ...routes });
  const all = await world(['a = 1', 'b = 2'], server);
  render(
    <UseSignal signal={all.session.stateChanged}>
      {() => (
        <div className="jp-Handoff">
          <Hindrances session={all.session} commands={commands} />
          <StepsSection session={all.session} commands={commands} />
        </div>
      )}
    </UseSignal>
  );
  return all;
}

const after = (overviewOf: Partial<Overview>, status?: Progress['status']) => ({
  'GET overview': () => overview({ pipeline: 'p', stages: [ran()], ...overviewOf }),
  'GET jobs': () => ({
    jobs: status ? [job({ state: 'done', progress: [told(status)] })] : []
  })
});

describe('what a run gave', () => {
  it('is told as new although comparing found it unchanged', async () => {
    await shown(after({}, 'ok'));
    expect(screen.getByText('cell 1 · 1.4 s')).toBeVisible();
  });

  it('is told as unchanged where the run itself found it so', async () => {
    await shown(after({}, 'cached'));
    expect(screen.getByText('cell 1 · unchanged')).toBeVisible();
  });

  it('is the record\u2019s word where no job is known', async () => {
    await shown(after({}));
    expect(screen.getByText('cell 1 · unchanged')).toBeVisible();
  });
});

describe('more actions', () => {
  const started = async (start: (all: World) => Promise<void>) => {
    const all = await shown({ 'POST jobs': () => job({ state: 'queued' }) });
    await act(async () => {
      await start(all);
      await settled();
    });
    return all.server.bodies('POST jobs');
  };

  it('builds without running', async () => {
    expect(await started(({ session }) => build(session))).toEqual([
      expect.objectContaining({ kind: 'build', force: false })
    ]);
  });

  it('runs unchanged steps again when asked to', async () => {
    expect(await started(({ session }) => testRun(session, true))).toEqual([
      expect.objectContaining({ kind: 'test-run', force: true })
    ]);
  });

  it('marks steps that were edited by hand', async () => {
    await shown(after({ edited: ['load'] }));
    expect(screen.getByText(/cell 1 · unchanged · edited by you/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'More actions: Steps' })).toHaveAttribute(
      'aria-haspopup',
      'menu'
    );
  });
});

describe('cells changed since the model was handed over', () => {
  it('can be compared', async () => {
    const commands = new CommandRegistry();
    const compare = jest.fn();
    commands.addCommand(CommandIDs.compare, { execute: compare });
    const published = {
      name: 'a',
      version: 1,
      uri: 'models:/a/1',
      tracking_uri: '',
      draft: false,
      rehearsed: true,
      stale_cells: 2,
      card: '',
      lock: '',
      runbook: '',
      web: '',
      tested: []
    };
    await shown({ 'GET overview': () => overview({ published }) }, commands);
    expect(screen.getByText('Handed over: v1. 2 cells changed since.')).toBeVisible();
    fireEvent.click(screen.getByRole('button', { name: 'Compare' }));
    expect(compare).toHaveBeenCalledTimes(1);
  });

  it('says so where there is no difference, and offers nothing', () => {
    const words = makeWords({ __: (text: string) => text } as never);
    const tab = new ComparisonTab(words, { summary: [], diff: '' }, 'No difference.', {
      label: 'Merge',
      act: jest.fn()
    });
    render(tab['render']());
    expect(screen.getByText('No difference.')).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('what cannot be handed over', () => {
  it('is made again in each step, as one undo step', async () => {
    const again = { cells: [], inserts: [], tags: { c0: ['repeat'] }, files: {}, keys: [] };
    const all = await shown({
      'POST steps': () => steps({ problem: 'con is a connection.', again, again_name: 'con' })
    });
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Make con again in each step' }));
      await settled();
    });
    expect(tagsOf(all.session.model.cells.get(0))).toEqual(['repeat']);
    act(() => void all.session.model.sharedModel.undo());
    expect(tagsOf(all.session.model.cells.get(0))).toEqual([]);
  });

  it('offers nothing where that would not be the same', async () => {
    await shown({ 'POST steps': () => steps({ problem: 'g is a generator.' }) });
    expect(screen.queryByRole('button', { name: /again in each step/ })).toBeNull();
  });
});

describe('several models', () => {
  it('asks for the steps and the inputs of the one that is chosen', async () => {
    const models = [
      { variable: 'lr', cell_id: 'c0', chosen: true },
      { variable: 'rf', cell_id: 'c1', chosen: false }
    ];
    const all = await shown({ 'POST steps': () => steps({ models }) });
    await act(async () => {
      fireEvent.click(screen.getByRole('radio', { name: /rf/ }));
      await settled();
    });
    expect(all.server.bodies('POST steps').at(-1)).toMatchObject({ model: 'rf' });
    expect(all.server.bodies('POST inputs').at(-1)).toMatchObject({ model: 'rf' });
  });
});

describe('checked against the running kernel', () => {
  const press = async () =>
    act(async () => {
      fireEvent.click(screen.getByRole('button', { name: /Check against the running kernel/ }));
      await settled();
    });
  const answer = (changes: object) => () => ({
    missing: [],
    warnings: [],
    checked: 2,
    unmade: [],
    ...changes
  });

  it('shows doubts beside their step, until the notebook is edited', async () => {
    const text = '`lines` (generator) cannot be saved.';
    const all = await shown({
      'POST facts': answer({ warnings: [{ stage: 'load', variable: 'lines', text }] })
    });
    await press();
    const row = screen.getByRole('row', { name: /Load/ });
    expect(row).toHaveTextContent('lines (generator) cannot be saved.');
    expect(screen.getByText(/raises 1 doubt, beside its step/)).toBeVisible();
    expect(all.server.bodies('POST facts')).toEqual([
      expect.objectContaining({ kernel_id: '', model: null })
    ]);
    act(() => all.model.cells.get(0).sharedModel.setSource('a = 2'));
    expect(row).not.toHaveTextContent('cannot be saved');
  });

  it('says that there is nothing against the steps, and what is not made yet', async () => {
    await shown({ 'POST facts': answer({ unmade: ['total'] }) });
    await press();
    expect(screen.getByText(/2 variables that steps hand on, nothing against them/)).toBeVisible();
    expect(screen.getByText(/Not made there yet/)).toHaveTextContent('total');
  });

  it('says kindly that no kernel runs', async () => {
    await shown({
      'POST facts': () => {
        throw new RequestError('No kernel runs for this notebook.', 'Run its cells first.', 422);
      }
    });
    await press();
    expect(
      screen.getByText(/No kernel runs for this notebook. Run its cells first./)
    ).toBeVisible();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
