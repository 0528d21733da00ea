// Generated from handoff_ext/contracts by tools/generate_contracts.py. Don't edit: run `jlpm contracts`.

/**
 * All that the sidebar and the server say to each other.
 */
export interface Messages {
  CellStep: CellStep;
  CellText: CellText;
  CheckAnswer: CheckAnswer;
  Comparison: Comparison;
  FactsAnswer: FactsAnswer;
  FactsRequest: FactsRequest;
  Failure: Failure;
  FixAnswer: FixAnswer;
  FixRequest: FixRequest;
  IgnoreRequest: IgnoreRequest;
  InputsAnswer: InputsAnswer;
  Job: Job;
  JobRequest: JobRequest;
  Jobs: Jobs;
  Live: Live;
  LiveAnswer: LiveAnswer;
  LiveRequest: LiveRequest;
  MissingField: MissingField;
  ModelChoice: ModelChoice;
  OpenNotebook: OpenNotebook;
  Overview: Overview;
  PlanAnswer: PlanAnswer;
  PlanRequest: PlanRequest;
  PlanText: PlanText;
  Prefill: Prefill;
  Published: Published;
  Reviewed: Reviewed;
  StepRow: StepRow;
  StepWarning: StepWarning;
  StepsAnswer: StepsAnswer;
  StepsRequest: StepsRequest;
  Unparsable: Unparsable;
  VariablesAnswer: VariablesAnswer;
  VariablesRequest: VariablesRequest;
}
/**
 * What one cell is for. ``suggested`` until the person keeps it; ``pulled`` where no tag but need brings it in.
 */
export interface CellStep {
  cell_id: string;
  role: string;
  stage: string | null;
  suggested: boolean;
  pulled: boolean;
  reason: string;
}
/**
 * One cell of the open notebook. ``output_text`` is the text of its outputs (stdout, stderr, text/plain, error),
 * capped, never images; ``ignored`` is the cell's ``metadata.handoff.ignore``.
 */
export interface CellText {
  id: string;
  kind: 'code' | 'markdown' | 'raw';
  source: string;
  tags: string[];
  execution_count: number | null;
  output_text: string;
  ignored: {
    [k: string]: string;
  };
}
/**
 * Findings of the open notebook. ``trains_model`` is false on notebooks with nothing to hand over.
 */
export interface CheckAnswer {
  missing: string[];
  findings: Finding[];
  ignored: Ignored[];
  unparsable: Unparsable[];
  checked: number;
  trains_model: boolean;
  supported: boolean;
}
/**
 * One place where a rule fires.
 *
 * ``cell_index`` counts all cells from 0; lines count from 1 in the cell's source; columns count characters from
 * 1 and ``end_column`` is the first column after the finding. Findings about the notebook as a whole have
 * ``cell_index`` -1 and an empty ``cell_id``. Neither ``message`` nor ``why`` ever holds a whole secret.
 */
export interface Finding {
  rule: string;
  name: string;
  severity: 'error' | 'warning' | 'info';
  confidence: 'high' | 'medium' | 'low';
  path: string;
  cell_index: number;
  cell_id: string;
  where: 'source' | 'output' | 'markdown' | 'metadata';
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  message: string;
  why: string;
  fixable: boolean;
  safe: boolean;
  key: string;
}
/**
 * A finding that somebody decided to live with, and why.
 */
export interface Ignored {
  finding: Finding;
  reason: string;
  scope: 'line' | 'cell' | 'project';
}
/**
 * A cell that Python cannot parse: it was not checked, the others were.
 */
export interface Unparsable {
  cell_id: string;
  line: number;
  message: string;
}
/**
 * What differs, in sentences, and as text that marks what goes with "-" and what comes with "+".
 */
export interface Comparison {
  summary: string[];
  diff: string;
}
/**
 * What the running kernel says of the variables that steps hand to each other. ``checked``: how many were there;
 * ``unmade``: those that were not.
 */
export interface FactsAnswer {
  missing: string[];
  warnings: StepWarning[];
  checked: number;
  unmade: string[];
}
/**
 * What the running kernel says against a cut: beside the step ``stage`` that takes ``variable``.
 */
export interface StepWarning {
  stage: string;
  variable: string;
  text: string;
}
/**
 * Compare the steps of the open notebook with its running kernel ``kernel_id``, empty where none runs.
 */
export interface FactsRequest {
  notebook: OpenNotebook;
  model: string | null;
  kernel_id: string;
}
/**
 * The unsaved document. Only cells that changed since the last request travel in ``changed``; ``order`` names all.
 * Where the server no longer knows a cell, it answers with ``missing`` and the sidebar sends those again. ``session``
 * tells apart two browser tabs that hold different unsaved states of the same notebook.
 */
export interface OpenNotebook {
  path: string;
  session: string;
  order: string[];
  changed: CellText[];
  language: string;
  kernel: string;
  metadata: {
    [k: string]: unknown;
  };
}
/**
 * Every error of the server: what happened, and what to do next.
 */
export interface Failure {
  message: string;
  hint: string;
}
/**
 * The change, to be applied as one undoable step, and how it looks as a unified diff.
 */
export interface FixAnswer {
  missing: string[];
  change: NotebookChange;
  diff: string;
  advice: string[];
}
/**
 * One undoable step. ``tags`` gives the whole new list of tags of a cell; ``files`` lines to add to text files
 * beside the notebook (relative path to lines), each once; ``keys`` the findings that it takes away.
 */
export interface NotebookChange {
  cells: CellChange[];
  inserts: CellInsert[];
  tags: {
    [k: string]: string[];
  };
  files: {
    [k: string]: string[];
  };
  keys: string[];
}
/**
 * New source for one cell. ``before`` is the source that the change was made for: where it differs, don't apply.
 */
export interface CellChange {
  cell_id: string;
  before: string;
  after: string;
  clear_outputs: boolean;
}
/**
 * A new cell, to stand at ``index`` of the notebook as it was before the change.
 */
export interface CellInsert {
  index: number;
  cell_id: string;
  kind: 'code' | 'markdown';
  source: string;
  tags: string[];
}
/**
 * Which findings to fix: their keys, or all safe ones where ``keys`` is null.
 */
export interface FixRequest {
  notebook: OpenNotebook;
  keys: string[] | null;
}
/**
 * Ignore a rule everywhere in the project (written to ``pyproject.toml``). "Here" is cell metadata: the sidebar's
 * own edit.
 */
export interface IgnoreRequest {
  path: string;
  rule: string;
  reason: string;
}
/**
 * The section Inputs of the open notebook, asked for with a ``StepsRequest``. ``problem`` says in one sentence why
 * nothing could be traced; what was proven is of the last test run, and ``stale`` where the notebook changed since.
 */
export interface InputsAnswer {
  missing: string[];
  features: Features;
  stale: boolean;
  problem: string;
}
/**
 * The whole answer. ``level`` is ``raw`` once parity has proven it, ``prepared`` where the model keeps the rows
 * that it was fitted on (``reason`` says which cell and why), empty before anything was run. ``frame`` is the table
 * whose rows are asked about, ``held_frame`` the one that the hold-out is from where that is another,
 * ``answers`` are columns that what is predicted is made from; ``resampled``: rows are added to or taken from the
 * training rows by design.
 */
export interface Features {
  version: 1;
  level: 'raw' | 'prepared' | '';
  reason: string;
  frame: string;
  held_frame: string;
  answers: string[];
  resampled: boolean;
  columns: RawColumn[];
  inputs: ModelInput[];
  state: Learned[];
  joins: Join[];
  scope: Scope[];
  doubts: Doubt[];
  compared_rows: number;
}
/**
 * A column of the raw row. ``known`` is what the plan says: is it known at the time of the decision? ``doubt`` is
 * the sentence to ask with, empty where there is none. ``alone``, ``without``, ``later``, ``random``: see
 * ``ColumnWorth``.
 */
export interface RawColumn {
  name: string;
  mark:
    | 'same at serving'
    | 'needs the whole table'
    | 'needs the answer'
    | 'not available when deciding'
    | 'never declared';
  place: Place | null;
  known: boolean | null;
  doubt: string;
  type: string;
  unit: string;
  alone: number | null;
  without: number | null;
  later: number | null;
  random: number | null;
}
/**
 * A line of a cell: ``cell`` counts all cells from 1, ``line`` those of its source from 1.
 */
export interface Place {
  cell: number;
  cell_id: string;
  line: number;
}
/**
 * One input of the model. ``origin``: a raw column as it is, derived by the code at ``place``, with ``state`` that
 * training learned, or a constant. ``columns`` are the raw columns behind it, as far as they can be told.
 */
export interface ModelInput {
  name: string;
  origin: 'raw column' | 'derived' | 'fitted state' | 'constant';
  mark:
    | 'same at serving'
    | 'needs the whole table'
    | 'needs the answer'
    | 'not available when deciding'
    | 'never declared';
  place: Place | null;
  columns: string[];
  state: string[];
  code: string;
}
/**
 * What training learned from its table and serving keeps: a mean, a scaler, categories, a joined table.
 */
export interface Learned {
  name: string;
  kind: string;
  code: string;
  place: Place;
}
/**
 * Another table, or what was learned of groups of the rows (``of_rows``), joined by ``keys``.
 *
 * ``kept``, once packed: ``lookup`` where the table is kept as training saw it, ``with the row`` where its ``columns``
 * have to come with each row, because later rows have new keys, or the plan says so. ``sha256`` is that of the kept
 * table's values, ``as_of`` the day on which the run read it.
 */
export interface Join {
  table: string;
  keys: string[];
  place: Place;
  of_rows: boolean;
  kept: 'lookup' | 'with the row' | '';
  columns: string[];
  rows: number;
  sha256: string;
  as_of: string;
}
/**
 * A filter of the notebook: a row that it would have dropped is answered "out of scope".
 */
export interface Scope {
  code: string;
  place: Place;
}
/**
 * What cannot be right on one row, why, and what to do about it.
 */
export interface Doubt {
  mark:
    | 'same at serving'
    | 'needs the whole table'
    | 'needs the answer'
    | 'not available when deciding'
    | 'never declared';
  message: string;
  repair: string;
  place: Place;
}
/**
 * A job and how far it is. ``error`` is one sentence, ``cell_id`` where it went wrong in the source notebook.
 */
export interface Job {
  id: string;
  kind: 'build' | 'test-run' | 'publish';
  path: string;
  state: 'queued' | 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled';
  progress: Progress[];
  started: string;
  seconds: number;
  result: Shipped | null;
  error: string;
  hint: string;
  cell_id: string;
  executed: string;
}
/**
 * One event.
 *
 * ``step`` is the road's step (``run``), ``part`` what it is at (a stage's name, ``cell 3``), ``done`` of ``total``
 * how far, ``seconds`` how long so far and ``expected`` how long it took last time (0: not known). ``detail`` is a
 * short sentence for people.
 */
export interface Progress {
  step: string;
  status: 'running' | 'ok' | 'cached' | 'skipped' | 'failed' | 'cancelled';
  part: string;
  done: number;
  total: number;
  seconds: number;
  expected: number;
  detail: string;
}
/**
 * The whole answer. ``handed over``: proof, parity at the stated level and the rehearsal's *predicts* all passed
 * on values actually compared; anything else is not.
 */
export interface Shipped {
  steps: Step[];
  model_uri: string;
  draft: boolean;
  signature_level: 'raw' | 'prepared';
  metric: ShippedMetric | null;
  compared_values: number;
  max_difference: number;
  verdict: 'handed over' | 'not handed over';
}
/**
 * One step of the road: what came of it, and where it was skipped or failed, why.
 */
export interface Step {
  step:
    | 'check'
    | 'fix'
    | 'tag'
    | 'extract'
    | 'run'
    | 'prove'
    | 'features'
    | 'parity'
    | 'lock'
    | 'publish'
    | 'rehearse'
    | 'predict';
  status: 'ok' | 'skipped' | 'failed';
  seconds: number;
  detail: string;
  reason: string;
}
/**
 * The first metric, in the notebook and in the pipeline.
 */
export interface ShippedMetric {
  name: string;
  notebook: number | null;
  pipeline: number | null;
}
/**
 * Start a job on the saved notebook. ``build`` extracts the pipeline and runs nothing; ``force`` repeats
 * stages that did not change.
 */
export interface JobRequest {
  kind: 'build' | 'test-run' | 'publish';
  path: string;
  name: string;
  tracking_uri: string;
  draft: boolean;
  model: string | null;
  kernel: string;
  force: boolean;
}
/**
 * All jobs the server knows, newest first.
 */
export interface Jobs {
  jobs: Job[];
}
/**
 * The models in production of one store, those with alerts first. ``as_of`` is ISO 8601 in UTC.
 */
export interface Live {
  tracking_uri: string;
  as_of: string;
  models: LiveModel[];
}
/**
 * One model in production.
 *
 * ``points`` are the newest values of what is watched most (``points_of``: "right answers", "mean score"), oldest
 * first, null where nothing is known. ``may_become`` are the stages that it can be promoted to now, ``why_not`` says
 * what is missing for more, ``to_accept`` is the version that waits for nothing but its owner's yes, empty where none
 * does. ``state`` is how the last check ended.
 */
export interface LiveModel {
  name: string;
  version: string;
  stage: 'shadow' | 'advise' | 'decide';
  uri: string;
  owner: string;
  contact: string;
  state: 'not checked' | 'quiet' | 'alert';
  last_check: string;
  predictions: number;
  points: (number | null)[];
  points_of: string;
  alerts: Alert[];
  last_alert: Alert | null;
  candidate: LiveCandidate | null;
  previous: string;
  may_become: ('shadow' | 'advise' | 'decide')[];
  why_not: string;
  to_accept: string;
  last_decision: Decision | null;
}
/**
 * One cause, however many columns it moves.
 *
 * ``what`` says what moved ("Input changed since 3 Mar: wind_gust"), ``matters`` how much it probably costs ("may cost
 * 4 points"; empty where nothing can be claimed), ``to_do`` is the runbook's line. Times are ISO 8601 in UTC.
 */
export interface Alert {
  id: number;
  model: string;
  version: string;
  cause:
    | 'no traffic'
    | 'schema'
    | 'stale table'
    | 'inputs'
    | 'answers'
    | 'outcomes'
    | 'late labels'
    | 'service'
    | 'challenger';
  since: string;
  what: string;
  matters: string;
  to_do: string;
  owner: string;
  opened: string;
  last_seen: string;
  closed: string;
  acknowledged_by: string;
  told: string[];
}
/**
 * A version that runs beside the one in charge; its answers are logged, never returned.
 */
export interface LiveCandidate {
  version: string;
  tested: boolean;
  draft: boolean;
  verdict: string;
}
/**
 * Who changed a version's stage, when, and on which figures.
 */
export interface Decision {
  id: number;
  model: string;
  version: string;
  action: 'accept' | 'promote' | 'rollback' | 'register' | 'refuse';
  stage: string;
  by: string;
  at: string;
  reason: string;
  figures: {
    [k: string]: unknown;
  };
}
/**
 * What came of it, in one sentence, and how things stand now. ``report`` is the written file, relative to the
 * server's root.
 */
export interface LiveAnswer {
  said: string;
  live: Live;
  report: string;
}
/**
 * Do something with a model in production; ``by`` is the person's name, asked for inline.
 *
 * ``promote`` needs ``to`` and takes ``version`` (the candidate's, or null for the one in charge); ``accept`` needs
 * ``version``, ``acknowledge`` needs ``alert``; ``report`` writes the HTML report. ``path`` is the open notebook,
 * whose store is asked where ``tracking_uri`` is empty.
 */
export interface LiveRequest {
  action: 'check' | 'promote' | 'roll back' | 'retrain' | 'acknowledge' | 'report' | 'accept';
  path: string;
  name: string;
  by: string;
  tracking_uri: string;
  to: ('shadow' | 'advise' | 'decide') | null;
  version: string | null;
  alert: number | null;
}
/**
 * A plan field without an answer; ``blocks`` where publishing waits for it.
 */
export interface MissingField {
  field: string;
  title: string;
  blocks: boolean;
}
/**
 * A fitted model that could be the one handed over.
 */
export interface ModelChoice {
  variable: string;
  cell_id: string;
  chosen: boolean;
}
/**
 * What is known of a notebook beside its findings: its pipeline, last run, proof and published version. ``edited``
 * names the stages that a person changed by hand since they were extracted.
 */
export interface Overview {
  pipeline: string;
  current: boolean;
  stages: StageRun[];
  metrics: MeasuredMetric[];
  proof: Proof | null;
  published: Published | null;
  lacks: string[];
  install: string;
  expected_seconds: {
    [k: string]: number;
  };
  model_name: string;
  tracking_uri: string;
  edited: string[];
}
/**
 * One stage as it ran. ``notebook`` is the executed notebook relative to the pipeline's folder; ``seconds`` and
 * ``memory_mb`` of a cached stage are those of the run that made it.
 */
export interface StageRun {
  name: string;
  status: 'ok' | 'cached' | 'failed' | 'cancelled';
  seconds: number;
  notebook: string;
  memory_mb: number;
  key: string;
  error: string;
  cell_id: string;
}
/**
 * A metric's value; ``notebook`` is empty until a proof has run the notebook.
 */
export interface MeasuredMetric {
  name: string;
  pipeline: number | null;
  notebook: number | null;
}
/**
 * Pipeline and notebook compute the same, or don't. ``equal`` only where something was compared, nothing was
 * different and nothing that the model or a metric depends on was left uncompared.
 */
export interface Proof {
  equal: boolean;
  compared: Compared[];
  compared_values: number;
  max_difference: number;
  seconds: number;
  reason: string;
}
/**
 * One comparison of the proof. ``kind`` says what was compared; ``verdict`` what came out.
 *
 * ``unseeded``: the notebook's own two runs already differ, so nothing can be said.
 */
export interface Compared {
  name: string;
  kind: 'value' | 'metric' | 'output' | 'prediction';
  stage: string;
  verdict: 'equal' | 'close' | 'different' | 'unseeded' | 'not compared';
  detail: string;
  difference: number | null;
}
/**
 * The version that was handed over last. Paths are relative to the server's root; ``web`` only where the store has
 * one. ``tested`` is what the clean-machine test found, line by line.
 */
export interface Published {
  name: string;
  version: number;
  uri: string;
  tracking_uri: string;
  draft: boolean;
  rehearsed: boolean;
  stale_cells: number;
  card: string;
  lock: string;
  runbook: string;
  web: string;
  tested: string[];
}
/**
 * The plan as it stands, with its form's schema. ``text`` is the file's text, ``path`` where it lies or would.
 */
export interface PlanAnswer {
  path: string;
  exists: boolean;
  plan: Plan;
  schema: {
    [k: string]: unknown;
  };
  prefill: Prefill[];
  missing: MissingField[];
  review: Reviewed[];
  problem: string;
}
/**
 * All that people said about a model; what is empty is shown as missing, never hidden.
 */
export interface Plan {
  version: 1;
  owner: Owner;
  intent: Intent;
  intended_use: IntendedUse;
  /**
   * When should nobody trust it? For those who decide.
   */
  limitations: string[];
  thresholds: Thresholds;
  context: Context;
  fallback: Fallback;
  monitoring: Monitoring;
  retraining: Retraining;
  escalation: Escalation;
  operation: Operation;
  change: ChangeManagement;
  /**
   * When the owner looks at it again.
   */
  check_in: string | null;
  decisions: Note[];
  deferred: Note[];
  columns: {
    [k: string]: Column;
  };
  tables: {
    [k: string]: JoinedTable;
  };
  /**
   * Refused where empty, or left aside and marked.
   */
  extra_columns: ('reject' | 'flag') | null;
  /**
   * Fields (dotted names) that were filled in and never edited.
   */
  prefilled: string[];
}
/**
 * A person, not a team, who answers for the model.
 */
export interface Owner {
  /**
   * Who answers for this model? A person, not a team.
   */
  name: string;
  /**
   * E-mail or phone where the owner is reached.
   */
  contact: string;
  /**
   * The day the owner said yes. Without it the model only watches.
   */
  accepted_on: string | null;
  /**
   * Who said yes; it holds while that is the owner.
   */
  accepted_by: string;
  /**
   * Who was signed in then; empty: only said to be.
   */
  accepted_as: string;
}
/**
 * Why the model exists.
 */
export interface Intent {
  /**
   * What is going wrong without the model.
   */
  problem: string;
  /**
   * Which decision does it help?
   */
  decision: string;
  /**
   * What is better when it works?
   */
  good_outcome: string;
}
/**
 * For whom and for what, and for what not.
 */
export interface IntendedUse {
  users: string[];
  uses: string[];
  out_of_scope: string[];
}
/**
 * From which score on someone acts, and what is normal.
 */
export interface Thresholds {
  /**
   * From which score on should someone act?
   */
  decision: number | null;
  why: string;
  /**
   * Lowest score that is nothing unusual.
   */
  normal_low: number | null;
  /**
   * Highest score that is nothing unusual.
   */
  normal_high: number | null;
  escalate_when: string;
}
/**
 * Where the data came from.
 */
export interface Context {
  data_origin: string;
  period: string;
  /**
   * Who or what is missing in the data.
   */
  gaps: string;
  population: string;
  why_metric: string;
}
/**
 * What answers when the model fails or is unsure.
 */
export interface Fallback {
  /**
   * A person decides, a fixed answer, the previous version, or a rule.
   */
  kind: ('person' | 'constant' | 'previous' | 'rule') | null;
  /**
   * Only for a fixed answer.
   */
  value: number | string | null;
  /**
   * The first line that fits answers; where none does, a person.
   */
  rules: FallbackRule[];
  /**
   * The model is unsure where its largest probability is lower (0 to 1).
   */
  unsure_below: number | null;
  note: string;
}
/**
 * One line of a rule: where ``column`` is ``equals``, or from ``at_least`` on, the answer is ``answer``.
 */
export interface FallbackRule {
  column: string;
  equals: number | string | boolean | null;
  at_least: number | null;
  answer: number | string;
}
/**
 * How anybody will notice that the model is wrong.
 */
export interface Monitoring {
  check_every: ('hourly' | 'daily' | 'weekly' | 'monthly') | null;
  /**
   * How long until it is known whether an answer was right.
   */
  truth_after_days: number | null;
  /**
   * Who is told; the owner where empty.
   */
  tell: string;
  watch: Watch[];
}
/**
 * One number that is watched.
 */
export interface Watch {
  /**
   * Such as: ROC AUC over 14 days; share scored 0.35 or more; wind_gust missing; p99 latency in ms.
   */
  metric: string;
  /**
   * The least it may be where more is better.
   */
  limit: number | null;
  action: string;
}
/**
 * When the model is trained again, and who says yes.
 */
export interface Retraining {
  trigger: string;
  /**
   * Started by handoff monitor, where it is given data.
   */
  every: ('week' | 'month' | 'quarter' | 'year') | null;
  /**
   * About outcomes, or about inputs, answers and stale tables too; once for each alert.
   */
  on_alert: ('outcomes' | 'any') | null;
  approver: string;
  validation: string;
  /**
   * Share of answers (0.01: 1 of 100), or of the error, that it must gain.
   */
  better_by: number;
  /**
   * Share that no group may lose.
   */
  worse_group: number;
  /**
   * A better version takes over without asking; the approver answers for it.
   */
  automatic: boolean;
}
/**
 * Who is called when the owner does not answer.
 */
export interface Escalation {
  path: string[];
  incident: string;
}
/**
 * How much it is used and what that costs.
 */
export interface Operation {
  /**
   * Predictions a day, and the busiest hour.
   */
  volume: string;
  cost: string;
  who_pays: string;
}
/**
 * The people whose work changes.
 */
export interface ChangeManagement {
  affected: string;
  how_told: string;
}
/**
 * A decision taken or an edge case deferred, with its reason.
 */
export interface Note {
  what: string;
  why: string;
}
/**
 * What people said about one input column.
 */
export interface Column {
  known_when_deciding: boolean | null;
  /**
   * Never stored raw in examples, profile or card.
   */
  personal: boolean;
  unit: string;
  reason: string;
  bad_input: BadInput;
}
/**
 * What happens to a row whose value is bad: it is refused (``reject``), the value is filled in as in training
 * (``impute``), or the row is answered and marked (``flag``; a value that cannot be used is filled in). Empty: a value
 * that was never seen is marked, all else refused, save gaps where training had gaps.
 */
export interface BadInput {
  missing: ('reject' | 'impute' | 'flag') | null;
  null: ('reject' | 'impute' | 'flag') | null;
  not_a_number: ('reject' | 'impute' | 'flag') | null;
  infinite: ('reject' | 'impute' | 'flag') | null;
  mistyped: ('reject' | 'impute' | 'flag') | null;
  unseen: ('reject' | 'impute' | 'flag') | null;
  out_of_range: ('reject' | 'impute' | 'flag') | null;
}
/**
 * Where another table, joined to the rows, is to come from when the model answers.
 */
export interface JoinedTable {
  /**
   * With the model as training saw it, or with each row. Empty: as the hold-out shows.
   */
  kept: ('lookup' | 'with the row') | null;
  reason: string;
}
/**
 * A suggested answer to a plan field, and where it is from ("from cell 1", "measured").
 */
export interface Prefill {
  field: string;
  value: unknown;
  source: string;
}
/**
 * One of the five questions of an operational review, with the plan's answer; empty: a gap, closed in ``field``.
 */
export interface Reviewed {
  question: string;
  answer: string;
  field: string;
}
/**
 * New answers for a plan: the server gives back the file's new text, comments kept; the sidebar saves it.
 */
export interface PlanRequest {
  path: string;
  plan: Plan;
  text: string | null;
}
/**
 * The plan's file after the change.
 */
export interface PlanText {
  path: string;
  text: string;
  missing: MissingField[];
  review: Reviewed[];
}
/**
 * One step of the list.
 */
export interface StepRow {
  stage: string;
  title: string;
  cells: string[];
  pulled: string[];
  pulled_reason: string;
}
/**
 * Steps from tags where there are tags, suggested else; ``change`` keeps the suggestions as tags. Where ``problem``
 * is that ``again_name`` cannot be handed over, ``again`` has each step make it for itself.
 */
export interface StepsAnswer {
  missing: string[];
  cells: CellStep[];
  steps: StepRow[];
  left_out: string[];
  models: ModelChoice[];
  change: NotebookChange;
  again: NotebookChange;
  again_name: string;
  problem: string;
}
/**
 * Ask for the steps of the open notebook; ``model`` is the chosen variable where there are several.
 */
export interface StepsRequest {
  notebook: OpenNotebook;
  model: string | null;
}
/**
 * The names whose lines were written or taken back.
 */
export interface VariablesAnswer {
  names: string[];
}
/**
 * Names of environment variables to write into ``.env.example`` beside the notebook, or to take back. Values are
 * never written.
 */
export interface VariablesRequest {
  path: string;
  /**
   * @maxItems 100
   */
  names: string[];
  remove: boolean;
}
