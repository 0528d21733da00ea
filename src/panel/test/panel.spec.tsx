import { UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import * as React from 'react';

import { NotebookSession } from '../../models/session';
import {
  change,
  check,
  FakeServer,
  finding,
  fixAnswer,
  job,
  overview,
  planAnswer,
  settled,
  steps,
  world,
  World
} from '../../test/fake';
import planSchema from '../../test/plan-schema.json';
import { Hindrances } from '../empty';
import { Header } from '../header';
import { CheckSection } from '../check';
import { PublishSection } from '../publish';
import { StepsSection } from '../steps';

jest.mock('../../server/request');

type Part = (props: { session: NotebookSession; commands: CommandRegistry }) => JSX.Element | null;

async function shown(parts: Part[], routes: FakeServer['routes'] = {}): Promise<World> {
  const server = new FakeServer();
  Object.assign(server.routes, routes);
  const all = await world(['a = "C:/x"', 'b = 2', 'c = 3'], server);
  const commands = new CommandRegistry();
  render(
    <UseSignal signal={all.session.stateChanged}>
      {() => (
        <div className="jp-Handoff">
          {parts.map((Part, index) => (
            <Part key={index} session={all.session} commands={commands} />
          ))}
        </div>
      )}
    </UseSignal>
  );
  return all;
}

const button = (name: string | RegExp) => screen.getByRole('button', { name });
const press = (name: string | RegExp) =>
  act(async () => {
    fireEvent.click(button(name));
    await settled();
  });

const fix = () =>
  fixAnswer({
    change: change({
      cells: [{ cell_id: 'c0', before: 'a = "C:/x"', after: 'a = X', clear_outputs: false }],
      keys: ['k']
    }),
    advice: ['Change the password.']
  });

describe('the header', () => {
  it('names the next thing to do, and does it as one step that can be undone', async () => {
    const { model, server } = await shown([Header, CheckSection], {
      'POST check': () => check({ findings: [finding()] }),
      'POST fix': fix
    });
    expect(screen.getByRole('heading', { name: 'a' })).toBeVisible();
    expect(button('blocks: Problems: 1 Must fix')).toBeVisible();
    await press('Fix 1 safe problem');
    expect(server.bodies('POST fix')[0].keys).toBeNull();
    expect(model.sharedModel.cells[0].getSource()).toBe('a = X');
    expect(screen.getByText('Change the password.')).toBeVisible();
    await press('Undo');
    expect(model.sharedModel.cells[0].getSource()).toBe('a = "C:/x"');
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  it('keeps suggestions as tags, saves, starts a test run and goes on to the first open question', async () => {
    const { model, server, saved, session } = await shown([Header], {
      'POST steps': () =>
        steps({
          steps: [{ stage: 'load', title: 'Load', cells: ['c0'], pulled: [], pulled_reason: '' }],
          change: change({ tags: { c0: ['stage:load'] } })
        }),
      'GET plan': () =>
        planAnswer({ missing: [{ field: 'owner.name', title: 'Owner', blocks: true }] })
    });
    await press('Test run');
    expect(model.sharedModel.cells[0].getMetadata('tags')).toEqual(['stage:load']);
    expect(saved).toHaveBeenCalledTimes(1);
    expect(server.bodies('POST jobs')).toEqual([
      expect.objectContaining({
        kind: 'test-run',
        path: 'work/a.ipynb',
        name: 'a',
        kernel: 'python3'
      })
    ]);
    expect(session.view.wanted).toBe('question:owner');
    expect(screen.getByText(/^Test run 0:0/)).toBeVisible();
    expect(button('Answer 1 question')).toBeVisible();
  });

  it('shows how far a job is, and cancels it', async () => {
    const running = job({
      seconds: 24,
      progress: [
        {
          step: 'run',
          status: 'running',
          part: 'train',
          done: 2,
          total: 5,
          seconds: 1,
          expected: 0,
          detail: ''
        }
      ]
    });
    const { server, jobs } = await shown([Header], {
      'GET jobs': () => ({ jobs: [running] }),
      'GET overview': () => overview({ expected_seconds: { 'test-run': 40 } }),
      'POST steps': () =>
        steps({
          steps: ['Load', 'Prepare', 'Train', 'Evaluate', 'Report'].map(title => ({
            stage: title.toLowerCase(),
            title,
            cells: ['c1'],
            pulled: [],
            pulled_reason: ''
          }))
        }),
      'DELETE jobs/*': () => ({ ...running, state: 'cancelling' })
    });
    expect(screen.getByText('Test run 3/5 Train 0:24 of about 0:40')).toBeVisible();
    await press('Cancel: Test run');
    expect(server.bodies('DELETE jobs/j1')).toHaveLength(1);
    expect(screen.getByText(/^Cancelling\.\.\./)).toBeVisible();
    act(() => jobs['receive']({ ...running, state: 'cancelled' }));
    expect(screen.getByText('Cancelled. Nothing published.')).toBeVisible();
    await press('Close');
    expect(screen.queryByText('Cancelled. Nothing published.')).toBeNull();
  });

  it('says what went wrong until it is closed', async () => {
    await shown([Header], {
      'POST check': () => check({ findings: [finding()] }),
      'POST fix': () => {
        throw Object.assign(new Error('The analysis stopped.'), { hint: 'Try again.' });
      }
    });
    await press('Fix 1 safe problem');
    expect(screen.getByRole('alert')).toHaveTextContent('The analysis stopped. Try again.');
    await press('Close');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('Check', () => {
  const problems = () =>
    check({
      findings: [
        finding({ key: 'k1', line: 2 }),
        finding({ key: 'k2', cell_id: 'c2', cell_index: 2 }),
        finding({
          key: 'w',
          rule: 'ENV001',
          severity: 'warning',
          message: '`x` is not installed',
          fixable: false,
          safe: false
        })
      ]
    });

  it('groups problems by kind, folds repeats, and fixes all of a row', async () => {
    const { server } = await shown([CheckSection], { 'POST check': problems });
    const rows = within(screen.getByRole('grid', { name: 'Problems' })).getAllByRole('rowgroup');
    expect(rows.map(one => one.getAttribute('aria-label'))).toEqual([
      'Paths on your computer (2)',
      'Packages (1)'
    ]);
    expect(button('Must fix: A path on your computer cells 1, 3')).toBeVisible();
    await press('Fix: A path on your computer');
    expect(server.bodies('POST fix')[0].keys).toEqual(['k1', 'k2']);
  });

  it('asks why what must be fixed is ignored, and keeps the reason in the cells', async () => {
    const { session, model } = await shown([CheckSection], { 'POST check': problems });
    act(() => {
      session.view.ignoring = { key: 'k1', scope: 'here' };
    });
    expect(button('Ignore')).toHaveAttribute('aria-disabled', 'true');
    fireEvent.submit(button('Ignore'));
    expect(model.sharedModel.cells[0].getMetadata('handoff')).toBeUndefined();
    fireEvent.change(screen.getByLabelText('Why? (shown on the card)'), {
      target: { value: 'ours' }
    });
    await act(async () => {
      fireEvent.submit(button('Ignore'));
      await settled();
    });
    const kept = { ignore: { PATH001: 'ours' } };
    expect(model.sharedModel.cells.map(cell => cell.getMetadata('handoff'))).toEqual([
      kept,
      undefined,
      kept
    ]);
  });

  it('ignores everywhere through the server', async () => {
    const { session, server } = await shown([CheckSection], { 'POST check': problems });
    act(() => {
      session.view.ignoring = { key: 'w', scope: 'everywhere' };
    });
    await act(async () => {
      fireEvent.submit(button('Ignore'));
      await settled();
    });
    expect(server.bodies('POST ignore')).toEqual([
      { path: 'work/a.ipynb', rule: 'ENV001', reason: '' }
    ]);
  });

  it('puts a fixed cell back by itself', async () => {
    const { model } = await shown([Header, CheckSection], {
      'POST check': () => check({ findings: [finding()] }),
      'POST fix': fix
    });
    await press('Fix 1 safe problem');
    await press('Fixed (1)');
    await press('Put back: cell 1');
    expect(model.sharedModel.cells[0].getSource()).toBe('a = "C:/x"');
  });

  it('says that all is clear', async () => {
    await shown([CheckSection]);
    expect(screen.getByText('No problems in 2 cells.')).toBeVisible();
  });
});

describe('Steps', () => {
  it('lists steps, what they need, and what is left out; a model is chosen among several', async () => {
    const { server } = await shown([StepsSection], {
      'POST steps': () =>
        steps({
          steps: [
            {
              stage: 'load',
              title: 'Load',
              cells: ['c0', 'c1'],
              pulled: ['c1'],
              pulled_reason: 'Cell 1 needs it.'
            }
          ],
          left_out: ['c2'],
          models: [
            { variable: 'rf', cell_id: 'c1', chosen: true },
            { variable: 'lr', cell_id: 'c2', chosen: false }
          ]
        })
    });
    expect(button('1 Load cells 1, 2')).toBeVisible();
    expect(button('- Left out 1 cell (only looks)')).toBeVisible();
    await press('+1 needed: Cell 1 needs it.');
    expect(screen.getByText('Cell 1 needs it.')).toBeVisible();
    await act(async () => {
      fireEvent.click(screen.getByLabelText('lr, cell 3'));
      await settled();
    });
    await waitFor(() => expect(server.bodies('POST steps').at(-1)!.model).toBe('lr'));
  });

  it('shows the metric of notebook and steps beside each other', async () => {
    await shown([StepsSection], {
      'POST steps': () =>
        steps({
          steps: [{ stage: 'load', title: 'Load', cells: ['c0'], pulled: [], pulled_reason: '' }]
        }),
      'GET overview': () =>
        overview({
          current: true,
          pipeline: 'p',
          proof: {
            equal: true,
            compared: [],
            compared_values: 3,
            max_difference: 0,
            seconds: 1,
            reason: ''
          },
          metrics: [{ name: 'AUC', notebook: 0.741234, pipeline: 0.741234 }]
        })
    });
    expect(screen.getByText('Same result: AUC 0.7412 in both.')).toBeVisible();
    expect(screen.getByRole('row', { name: 'AUC 0.7412 0.7412' })).toBeVisible();
  });

  it('says what failed, where', async () => {
    await shown([StepsSection], {
      'GET jobs': () => ({
        jobs: [
          job({
            state: 'failed',
            error: 'Train failed in cell 2: `KeyError`.',
            cell_id: 'c1',
            executed: 'x.ipynb'
          })
        ]
      })
    });
    expect(screen.getByRole('alert')).toHaveTextContent('Train failed in cell 2: KeyError.');
    expect(button('Go to cell')).toBeVisible();
    expect(button('Open run')).toBeVisible();
  });
});

describe('Publish', () => {
  const missing = ['owner.name', 'limitations'].map(field => ({
    field,
    title: field,
    blocks: true
  }));
  const prefill = [{ field: 'owner.name', value: 'Ada', source: 'from git' }];

  it('waits for open questions, keeps what is typed, and names what nobody edited', async () => {
    const { server, session, contents } = await shown([PublishSection], {
      'GET plan': () => planAnswer({ missing, prefill }),
      'POST plan': body => ({
        path: 'work/a.handoff.yaml',
        text: 'owner: ...',
        missing: [],
        review: [],
        plan: body.plan
      })
    });
    expect(screen.getByText('1 question open')).toBeVisible();
    expect(screen.getAllByLabelText('Name')[0]).toHaveValue('Ada');
    expect(screen.getByText(/from git/)).toBeVisible();
    expect(button(/^Publish\. /)).toHaveAttribute('aria-disabled', 'true');

    fireEvent.change(screen.getByLabelText('Not to be trusted'), {
      target: { value: 'snow\n\nfog ' }
    });
    expect(session.plan.plan!.limitations).toEqual(['snow', 'fog']);
    await press('Publish');
    const [saved] = server.bodies('POST plan');
    expect(saved.plan).toMatchObject({ owner: { name: 'Ada' }, prefilled: ['owner.name'] });
    expect(contents.files['work/a.handoff.yaml']).toBe('owner: ...');
    expect(server.bodies('POST jobs')).toEqual([
      expect.objectContaining({ kind: 'publish', draft: false })
    ]);
  });

  it('publishes as a draft what has open questions', async () => {
    const { server } = await shown([PublishSection], { 'GET plan': () => planAnswer({ missing }) });
    await press('Publish as draft');
    expect(server.bodies('POST jobs')).toEqual([
      expect.objectContaining({ kind: 'publish', draft: true })
    ]);
  });

  it('says what was handed over, with links', async () => {
    await shown([PublishSection], {
      'GET overview': () =>
        overview({
          published: {
            name: 'a',
            version: 2,
            uri: 'models:/a/2',
            tracking_uri: '',
            draft: false,
            rehearsed: true,
            stale_cells: 1,
            card: 'p/MODEL_CARD.md',
            lock: '',
            runbook: '',
            web: '',
            tested: ['Predicts: passed, 1,503 values compared.', 'Cut off: network, home']
          }
        })
    });
    expect(screen.getByText('Handed over: v2. 1 cell changed since.')).toBeVisible();
    expect(screen.getByText('All six questions are answered.')).toBeVisible();
    expect(button('Open: Card')).toBeVisible();
    expect(button('Copy link: a v2')).toBeVisible();
    expect(screen.queryByText('Cut off: network, home')).toBeNull();
    await press('How it was tested');
    expect(screen.getByText('Predicts: passed, 1,503 values compared.')).toBeVisible();
    expect(screen.getByText('Cut off: network, home')).toBeVisible();
  });
});

describe('the questions of a review', () => {
  const review = [
    { question: 'Who watches it?', answer: 'Maya Okafor', field: 'owner.name' },
    { question: 'What does it cost?', answer: '', field: 'operation.cost' }
  ];
  const routes = () => ({ 'GET plan': () => planAnswer({ schema: planSchema, review }) });

  it('say what the plan answers, and open the way to each gap', async () => {
    const { session } = await shown([PublishSection], routes());
    await press('Questions of a review (1 of 2 answered)');
    const list = within(screen.getByRole('grid', { name: 'Questions of a review' }));
    expect(list.getByText('Maya Okafor')).toBeVisible();
    expect(list.getByText('Nobody said.')).toBeVisible();
    await press('Answer: What does it cost?');
    expect(session.view.isUnfolded('more')).toBe(true);
    expect(session.view.wanted).toBe('field:operation.cost');
    const cost = screen.getByLabelText('Operating cost');
    expect(cost).toHaveAttribute('data-focus', 'field:operation.cost');
    await press('Change: Who watches it?');
    expect(session.view.wanted).toBe('question:owner');
  });

  it('are asked again of the plan that was saved', async () => {
    const { server } = await shown([PublishSection], {
      ...routes(),
      'POST plan': () => ({
        path: 'a.handoff.yaml',
        text: '',
        missing: [],
        review: review.map(row => ({ ...row, answer: 'x' }))
      })
    });
    await press('Publish');
    expect(server.bodies('POST plan')).toHaveLength(1);
    expect(button('Questions of a review (2 of 2 answered)')).toBeVisible();
  });

  it('keep the numbers of a watched number as numbers', async () => {
    const { session } = await shown([PublishSection], routes());
    await press(/^More \(/);
    await press('Add: Watched numbers');
    const limit = screen.getByLabelText('Limit');
    fireEvent.change(limit, { target: { value: '0.' } });
    expect(limit).toHaveValue('0.');
    fireEvent.change(limit, { target: { value: '0.7' } });
    expect(session.plan.plan!.monitoring.watch).toEqual([{ metric: '', limit: 0.7, action: '' }]);
  });
});

describe('what stands in the way', () => {
  it('says exactly what to install', async () => {
    await shown([Hindrances], {
      'GET overview': () => overview({ lacks: ['joblib'], install: 'pip install joblib' })
    });
    expect(screen.getByText(/Kernel python3 lacks joblib\. Run:/)).toHaveTextContent(
      'pip install joblib'
    );
  });

  it('tries again where the server could not be reached', async () => {
    const { RequestError } =
      jest.requireActual<typeof import('../../server/request')>('../../server/request');
    const { server } = await shown([Hindrances], {
      'POST check': () => {
        throw new RequestError('Failed to fetch', '', 0);
      }
    });
    expect(screen.getByRole('alert')).toHaveTextContent('Server unreachable.');
    server.routes['POST check'] = () => check();
    await press('Try again');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
