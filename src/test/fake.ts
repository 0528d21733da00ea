/** Stands in for the network and for the notebook's widget; everything between is real. */
import { NotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import {
  CheckAnswer,
  Finding,
  FixAnswer,
  Job,
  NotebookChange,
  Overview,
  Plan,
  PlanAnswer,
  StepsAnswer
} from '../contracts';
import { Jobs } from '../models/jobs';
import { NotebookSession } from '../models/session';
import { Settings } from '../models/settings';
import { TextFiles } from '../notebook/textfiles';
import { HandoffApi } from '../server/api';
import { requestAPI, RequestError } from '../server/request';
import { makeWords } from '../words';
import { inputs } from './inputs';

type Body = Record<string, unknown>;
type Route = (body: Body) => unknown;

/** Answers of the server by method and route; each can be replaced. `asked` keeps every request. */
export class FakeServer {
  readonly asked: { route: string; body: Body }[] = [];
  readonly routes: Record<string, Route> = {
    'POST check': () => check(),
    'POST steps': () => steps(),
    'POST inputs': () => inputs({}, 'No table is read.'),
    'POST facts': () => ({ missing: [], warnings: [], checked: 0, unmade: [] }),
    'POST fix': () => fixAnswer({}),
    'POST ignore': () => ({}),
    'GET plan': () => planAnswer(),
    'POST plan': body => ({
      path: 'a.handoff.yaml',
      text: JSON.stringify(body.plan),
      missing: [],
      review: []
    }),
    'GET overview': () => overview(),
    'GET jobs': () => ({ jobs: [] }),
    'POST jobs': body => job({ kind: body.kind as Job['kind'], path: body.path as string })
  };

  constructor() {
    (requestAPI as jest.Mock).mockImplementation(
      async (_: unknown, route: string, init: RequestInit = {}) => {
        const name = `${init.method ?? 'GET'} ${route.split('?')[0]}`;
        const body = (init.body ? JSON.parse(init.body as string) : {}) as Body;
        this.asked.push({ route: name, body });
        const answer = this.routes[name] ?? this.routes[name.replace(/\/.*/, '/*')];
        if (!answer) {
          throw new RequestError(`no route ${name}`, '', 404);
        }
        return answer(body);
      }
    );
  }

  /** Bodies of the requests to a route. */
  bodies(route: string): Body[] {
    return this.asked.filter(one => one.route === route).map(one => one.body);
  }
}

/** Files of the contents manager, by path. */
export class FakeContents {
  readonly files: Record<string, string> = {};

  get = async (path: string) => {
    if (!(path in this.files)) {
      throw Object.assign(new Error('not found'), { response: { status: 404 } });
    }
    return { content: this.files[path] };
  };

  save = async (path: string, { content }: { content: string }) => {
    this.files[path] = content;
  };

  delete = async (path: string) => {
    delete this.files[path];
  };
}

export interface World {
  session: NotebookSession;
  model: NotebookModel;
  server: FakeServer;
  contents: FakeContents;
  jobs: Jobs;
  events: Signal<object, { schema_id: string }>;
  saved: jest.Mock;
}

/** A session on a notebook of code cells with these sources; ids are c0, c1, ... */
export async function world(sources: string[], server = new FakeServer()): Promise<World> {
  const model = new NotebookModel({ disableDocumentWideUndoRedo: true });
  model.fromJSON({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python' },
      language_info: { name: 'python' }
    },
    cells: sources.map((source, index) => ({
      id: `c${index}`,
      cell_type: 'code',
      source,
      metadata: {},
      outputs: [],
      execution_count: null
    }))
  });
  model.sharedModel.clearUndoHistory();
  const contents = new FakeContents();
  const api = new HandoffApi({ baseUrl: '/' } as never);
  const events = new Signal<object, { schema_id: string }>({});
  const jobs = new Jobs(api, { stream: events } as never);
  const saved = jest.fn(async () => undefined);
  const source = {};
  const panel = {
    id: 'panel',
    context: {
      model,
      localPath: 'work/a.ipynb',
      saveState: new Signal(source),
      pathChanged: new Signal(source),
      save: saved
    },
    sessionContext: { session: null, kernelChanged: new Signal(source) },
    disposed: new Signal(source),
    content: { widgets: [], activeCellIndex: 0 }
  };
  const session = new NotebookSession(panel as unknown as NotebookPanel, {
    api,
    jobs,
    settings: new Settings(),
    files: new TextFiles(contents as never, null, api),
    words: makeWords(nullTranslator.load('handoff_ext')),
    baseUrl: 'http://lab/'
  });
  await settled();
  return { session, model, server, contents, jobs, events, saved };
}

/** Let all answers come in. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await Promise.resolve();
  }
}

export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    rule: 'PATH001',
    name: 'absolute-path',
    severity: 'error',
    confidence: 'high',
    path: 'a.ipynb',
    cell_index: 0,
    cell_id: 'c0',
    where: 'source',
    line: 1,
    column: 1,
    end_line: 1,
    end_column: 4,
    message: 'A path on your computer',
    why: 'Nobody else has it.',
    fixable: true,
    safe: true,
    key: 'k',
    ...changes
  };
}

export function check(changes: Partial<CheckAnswer> = {}): CheckAnswer {
  return {
    missing: [],
    findings: [],
    ignored: [],
    unparsable: [],
    checked: 2,
    trains_model: true,
    supported: true,
    ...changes
  };
}

export function change(changes: Partial<NotebookChange> = {}): NotebookChange {
  return { cells: [], inserts: [], tags: {}, files: {}, keys: [], ...changes };
}

export function fixAnswer(changes: Partial<FixAnswer>): FixAnswer {
  return { missing: [], change: change(), diff: '', advice: [], ...changes };
}

export function steps(changes: Partial<StepsAnswer> = {}): StepsAnswer {
  return {
    missing: [],
    cells: [],
    steps: [],
    left_out: [],
    models: [],
    change: change(),
    again: change(),
    again_name: '',
    problem: '',
    ...changes
  };
}

export function overview(changes: Partial<Overview> = {}): Overview {
  return {
    pipeline: '',
    current: false,
    stages: [],
    metrics: [],
    proof: null,
    published: null,
    edited: [],
    lacks: [],
    install: '',
    expected_seconds: {},
    model_name: 'a',
    tracking_uri: '',
    ...changes
  };
}

export function job(changes: Partial<Job> = {}): Job {
  return {
    id: 'j1',
    kind: 'test-run',
    path: 'work/a.ipynb',
    state: 'running',
    progress: [],
    started: '',
    seconds: 0,
    result: null,
    error: '',
    hint: '',
    cell_id: '',
    executed: '',
    ...changes
  };
}

export const emptyPlan = {
  version: 1,
  owner: { name: '', contact: '', accepted_on: null },
  intent: { problem: '', decision: '', good_outcome: '' },
  limitations: [],
  thresholds: { decision: null, why: '', normal_low: null, normal_high: null, escalate_when: '' },
  fallback: { kind: null, value: null, note: '' },
  monitoring: { check_every: null, truth_after_days: null, tell: '', watch: [] },
  prefilled: []
} as unknown as Plan;

export function planAnswer(changes: Partial<PlanAnswer> = {}): PlanAnswer {
  return {
    path: 'work/a.handoff.yaml',
    exists: false,
    plan: emptyPlan,
    schema: {},
    prefill: [],
    missing: [],
    review: [],
    problem: '',
    ...changes
  };
}
