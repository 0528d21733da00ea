/** Answers of the server for states that a test cannot wait for, shaped by the generated contracts. */
import type {
  CheckAnswer,
  Finding,
  Job,
  Live,
  ModelInput,
  NotebookChange,
  Overview,
  Plan,
  PlanAnswer,
  StepsAnswer
} from '../../../src/contracts';
import { column, inputs } from '../../../src/test/inputs';

export { inputs };

export const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: 'python3', display_name: 'Python 3 (ipykernel)', language: 'python' },
    language_info: { name: 'python' }
  },
  cells: [
    cell('text', 'markdown', '# Which flights will come in late?'),
    cell('db', 'code', 'engine = create_engine("postgresql://reader:tarmac@db.internal/ops")'),
    cell(
      'read',
      'code',
      'flights = pd.read_csv("C:\\\\Users\\\\maya\\\\flights.csv")\nplanes = pd.read_csv("~/planes.csv")'
    ),
    cell('look', 'code', 'flights.head()'),
    cell(
      'prepare',
      'code',
      'X = flights[["distance", "dep_delay"]]\ny = flights["arr_delay"] > 15'
    ),
    cell('lr', 'code', 'lr = LogisticRegression().fit(X, y)'),
    cell('rf', 'code', 'rf = RandomForestClassifier().fit(X, y)'),
    cell('judge', 'code', 'print(roc_auc_score(y, rf.predict_proba(X)[:, 1]))')
  ]
};

function cell(id: string, kind: 'code' | 'markdown', source: string) {
  const code = { outputs: [], execution_count: null };
  return { id, cell_type: kind, source, metadata: {}, ...(kind === 'code' ? code : {}) };
}

function finding(changes: Partial<Finding>): Finding {
  return {
    rule: 'PATH001',
    name: 'absolute-path',
    severity: 'error',
    confidence: 'high',
    path: 'late.ipynb',
    cell_index: 2,
    cell_id: 'read',
    where: 'source',
    line: 1,
    column: 1,
    end_line: 1,
    end_column: 8,
    message: 'C:\\Users\\... is a path of one computer.',
    why: 'Nobody else has this folder. The file beside the notebook has the same name.',
    fixable: true,
    safe: true,
    key: 'path',
    ...changes
  };
}

export const findings: Finding[] = [
  finding({
    rule: 'CRED003',
    key: 'cred',
    cell_index: 1,
    cell_id: 'db',
    column: 24,
    end_column: 68,
    message: 'Password in a database address (password, 6 characters, ends ac).',
    why: 'Whoever gets the notebook gets the database.'
  }),
  finding({ key: 'path1', column: 23, end_column: 54 }),
  finding({ key: 'path2', line: 2, column: 22, end_line: 2, end_column: 36 }),
  finding({
    rule: 'FEAT002',
    key: 'feat',
    cell_index: 4,
    cell_id: 'prepare',
    column: 27,
    end_column: 38,
    safe: false,
    message: 'Leave out `dep_delay`: it is known only after the flight has left.',
    why: 'The model is asked the day before. What is not known then cannot be its input.'
  }),
  finding({
    rule: 'STATE002',
    key: 'state',
    severity: 'warning',
    cell_index: 5,
    cell_id: 'lr',
    fixable: false,
    safe: false,
    message: 'Cells were run in another order than they stand in.',
    why: 'Run from top to bottom, the result may differ.'
  }),
  finding({
    rule: 'PLAN001',
    key: 'plan',
    severity: 'info',
    cell_index: -1,
    cell_id: '',
    where: 'metadata',
    fixable: false,
    safe: false,
    message: 'No seed: two runs give two models.',
    why: 'Set random_state.'
  })
];

export function check(changes: Partial<CheckAnswer> = {}): CheckAnswer {
  return {
    missing: [],
    findings,
    ignored: [
      {
        finding: finding({
          rule: 'ENV003',
          key: 'env',
          severity: 'warning',
          message: '!pip install in a cell.'
        }),
        reason: 'Needed on the shared machine.',
        scope: 'cell'
      }
    ],
    unparsable: [],
    checked: 7,
    trains_model: true,
    supported: true,
    ...changes
  };
}

export const noChange: NotebookChange = { cells: [], inserts: [], tags: {}, files: {}, keys: [] };

export const fixDiff = `@@ cell 2 @@
-engine = create_engine("postgresql://reader:...ac@db.internal/ops")
+engine = create_engine(os.environ["DATABASE_URL"])
@@ cell 3 @@
-flights = pd.read_csv("C:\\\\Users\\\\maya\\\\flights.csv")
+flights = pd.read_csv(FLIGHTS)
`;

const stage = (cell_id: string, name: string | null, role: string) => ({
  cell_id,
  role,
  stage: name,
  suggested: name !== null,
  pulled: false,
  reason: name ? 'It makes what the model is fitted on.' : 'Nothing needs it.'
});

export function steps(changes: Partial<StepsAnswer> = {}): StepsAnswer {
  return {
    missing: [],
    again: noChange,
    again_name: '',
    cells: [
      stage('db', null, 'explore'),
      stage('read', 'load', 'load'),
      stage('look', null, 'explore'),
      stage('prepare', 'features', 'features'),
      stage('lr', null, 'explore'),
      stage('rf', 'train', 'train'),
      stage('judge', 'evaluate', 'evaluate')
    ],
    steps: [
      { stage: 'load', title: 'Load', cells: ['read'], pulled: [], pulled_reason: '' },
      {
        stage: 'features',
        title: 'Prepare',
        cells: ['prepare'],
        pulled: ['look'],
        pulled_reason: 'Cell 4 gives `flights` the column that cell 5 reads.'
      },
      { stage: 'train', title: 'Train', cells: ['rf'], pulled: [], pulled_reason: '' },
      { stage: 'evaluate', title: 'Evaluate', cells: ['judge'], pulled: [], pulled_reason: '' }
    ],
    left_out: ['db', 'look', 'lr'],
    models: [
      { variable: 'rf', cell_id: 'rf', chosen: true },
      { variable: 'lr', cell_id: 'lr', chosen: false }
    ],
    change: {
      ...noChange,
      tags: {
        read: ['stage:load'],
        prepare: ['stage:features'],
        rf: ['stage:train'],
        judge: ['stage:evaluate']
      }
    },
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
    expected_seconds: { 'test-run': 40, publish: 55 },
    model_name: 'late_flights',
    tracking_uri: '',
    ...changes
  };
}

export const tested = overview({
  pipeline: 'late_pipeline',
  current: true,
  stages: ['load', 'features', 'train', 'evaluate'].map((name, index) => ({
    name,
    status: index ? 'ok' : 'cached',
    seconds: 1.4 * index,
    notebook: `run/executed/${index}0_${name}.ipynb`,
    memory_mb: 200,
    key: '',
    error: '',
    cell_id: ''
  })),
  metrics: [{ name: 'AUC', pipeline: 0.6884, notebook: 0.6884 }],
  proof: {
    equal: true,
    compared: [],
    compared_values: 120,
    max_difference: 0,
    seconds: 12,
    reason: ''
  }
});

export const published = overview({
  ...tested,
  published: {
    name: 'late_flights',
    version: 1,
    uri: 'models:/late_flights/1',
    tracking_uri: 'sqlite:///mlflow.db',
    draft: false,
    rehearsed: true,
    stale_cells: 0,
    card: 'late_pipeline/MODEL_CARD.md',
    lock: 'late_pipeline/serving.lock',
    runbook: 'late_pipeline/RUNBOOK.md',
    web: '',
    tested: [
      'Predicts: passed, 1,503 values compared, largest difference 2e-16.',
      "Retrains: not tried: only on the author's computer: flights_csv.",
      'Cut off: network, home, variables; not cut off: folder',
      'Took: fetching 0.3 s, environment 4.1 s, predicting 6.8 s, comparing 0.0 s, retraining 0.1 s'
    ]
  }
});

const input = (name: string, origin: ModelInput['origin'], columns: string[]): ModelInput => ({
  name,
  origin,
  mark: 'same at serving',
  place: origin === 'raw column' ? null : { cell: 5, cell_id: 'prepare', line: 1 },
  columns,
  state: [],
  code: ''
});

/** One column and one line to decide, and inputs that are fine. */
export const doubtful = inputs({
  columns: [
    column('dep_delay', {
      mark: 'not available when deciding',
      known: false,
      doubt: '`dep_delay` is not known when deciding. Known only after the flight.'
    }),
    column('distance'),
    column('sched_dep_time')
  ],
  inputs: [
    input('distance', 'raw column', ['distance']),
    input('early', 'derived', ['sched_dep_time']),
    input('wind', 'fitted state', ['wind_gust'])
  ],
  doubts: [
    {
      mark: 'needs the whole table',
      message: '`shift` needs the rows around; a single row has none.',
      repair: 'Leave it out, or give what it computes as a column of the row.',
      place: { cell: 5, cell_id: 'prepare', line: 2 }
    }
  ]
});

export const live: Live = {
  tracking_uri: 'sqlite:///mlflow.db',
  as_of: '2026-03-04T09:00:00Z',
  models: [
    {
      name: 'late_flights',
      version: '2',
      stage: 'advise',
      uri: 'models:/late_flights/2',
      owner: 'Maya Okafor',
      contact: 'maya@example.org',
      state: 'alert',
      last_check: '2026-03-04T09:00:00Z',
      predictions: 1200,
      points: [0.7, 0.66],
      points_of: 'right answers',
      alerts: [
        {
          id: 1,
          model: 'late_flights',
          version: '2',
          cause: 'inputs',
          since: '2026-03-03T00:00:00Z',
          what: 'Input changed since 3 Mar: wind_gust',
          matters: 'may cost 4 points',
          to_do: 'Ask operations whether the wind sensor was changed.',
          owner: 'Maya Okafor',
          opened: '2026-03-04T09:00:00Z',
          last_seen: '2026-03-04T09:00:00Z',
          closed: '',
          acknowledged_by: '',
          told: []
        }
      ],
      last_alert: null,
      candidate: { version: '3', tested: true, draft: false, verdict: '' },
      previous: '1',
      may_become: ['decide'],
      why_not: '',
      to_accept: '',
      last_decision: null
    }
  ]
};

/** A version that waits for nothing but its owner's yes. */
export const toAccept: Live = {
  ...live,
  models: live.models.map(model => ({
    ...model,
    stage: 'shadow',
    state: 'quiet',
    alerts: [],
    candidate: null,
    may_become: [],
    why_not: 'Maya Okafor has not accepted it yet.',
    to_accept: '2'
  }))
};

export function job(changes: Partial<Job> = {}): Job {
  const progress = (part: string, done: number, status: 'ok' | 'running') => ({
    step: 'run',
    status,
    part,
    done,
    total: 4,
    seconds: 9,
    expected: 0,
    detail: ''
  });
  return {
    id: '0123456789abcdef0123456789abcdef',
    kind: 'test-run',
    path: '',
    state: 'running',
    progress: [
      progress('load', 1, 'ok'),
      progress('features', 2, 'ok'),
      progress('train', 2, 'running')
    ],
    started: new Date().toISOString(),
    seconds: 24,
    result: null,
    error: '',
    hint: '',
    cell_id: '',
    executed: '',
    ...changes
  };
}

const emptyPlan: Plan = {
  version: 1,
  owner: { name: '', contact: '', accepted_on: null, accepted_by: '', accepted_as: '' },
  intent: { problem: '', decision: '', good_outcome: '' },
  intended_use: { users: [], uses: [], out_of_scope: [] },
  limitations: [],
  thresholds: { decision: null, why: '', normal_low: null, normal_high: null, escalate_when: '' },
  context: { data_origin: '', period: '', gaps: '', population: '', why_metric: '' },
  fallback: { kind: null, value: null, rules: [], unsure_below: null, note: '' },
  monitoring: { check_every: null, truth_after_days: null, tell: '', watch: [] },
  retraining: {
    trigger: '',
    every: null,
    on_alert: null,
    approver: '',
    validation: '',
    better_by: 0.01,
    worse_group: 0.05,
    automatic: false
  },
  escalation: { path: [], incident: '' },
  operation: { volume: '', cost: '', who_pays: '' },
  change: { affected: '', how_told: '' },
  check_in: null,
  extra_columns: null,
  decisions: [],
  deferred: [],
  columns: {},
  tables: {},
  prefilled: []
};

export const schema = {
  $defs: {
    Note: {
      type: 'object',
      properties: { what: { type: 'string', title: 'What' }, why: { type: 'string', title: 'Why' } }
    },
    Use: {
      type: 'object',
      properties: {
        users: { type: 'array', items: { type: 'string' }, title: 'Users' },
        out_of_scope: { type: 'array', items: { type: 'string' }, title: 'Not for' }
      }
    }
  },
  properties: {
    intended_use: { $ref: '#/$defs/Use', title: 'Intended use' },
    check_in: {
      anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }],
      title: 'Next check-in',
      description: 'When the owner looks at it again.'
    },
    decisions: { type: 'array', items: { $ref: '#/$defs/Note' }, title: 'Decisions taken' }
  }
};

export function plan(changes: Partial<PlanAnswer> = {}): PlanAnswer {
  const field = (name: string) => ({ field: name, title: name, blocks: true });
  const asked = (question: string, answer: string, name: string) => ({
    question,
    answer,
    field: name
  });
  return {
    path: 'late.handoff.yaml',
    exists: false,
    plan: { ...emptyPlan, decisions: [{ what: 'dep_delay left out', why: 'Known too late.' }] },
    schema,
    prefill: [
      { field: 'owner.name', value: 'Maya Okafor', source: 'from git' },
      { field: 'intent.decision', value: 'How many people to call in.', source: 'from cell 1' },
      { field: 'thresholds.decision', value: 0.35, source: 'from cell 7' }
    ],
    missing: [
      field('owner.name'),
      field('intent.decision'),
      field('limitations'),
      field('thresholds.decision'),
      field('fallback.kind'),
      field('monitoring.check_every')
    ],
    review: [
      asked('Who watches it after its author has left?', 'Maya Okafor', 'owner.name'),
      asked('What happens when the data changes?', '', 'retraining.trigger'),
      asked('How will anybody know that it is wrong?', 'Checked daily.', 'monitoring.check_every'),
      asked('Who brings its users along?', '', 'change.affected'),
      asked('What does it cost, and who pays?', '', 'operation.cost')
    ],
    problem: '',
    ...changes
  };
}

/** A plan to which nothing is missing. */
export const answered = plan({
  exists: true,
  plan: {
    ...emptyPlan,
    owner: {
      name: 'Maya Okafor',
      contact: 'maya@example.org',
      accepted_on: null,
      accepted_by: '',
      accepted_as: ''
    },
    intent: {
      problem: '',
      decision: 'How many people to call in.',
      good_outcome: 'Fewer missed connections.'
    },
    limitations: ['Not on snow days.'],
    thresholds: {
      decision: 0.35,
      why: "Ravi's table",
      normal_low: 0.1,
      normal_high: 0.5,
      escalate_when: ''
    },
    fallback: { kind: 'person', value: null, rules: [], unsure_below: null, note: '' },
    monitoring: { check_every: 'daily', truth_after_days: 1, tell: '', watch: [] }
  },
  prefill: [],
  missing: []
});
