import { NotebookSession } from '../models/session';
import { SectionName } from '../models/view';
import { counts } from './problems';
import { problemsOf } from './standing';

/** One of the five things that make a notebook ready, and the section that it opens. */
export interface ReadinessRow {
  section: SectionName;
  state: 'ready' | 'blocked' | 'open';
  text: string;
}

/** What still stands between this notebook and a stranger. */
export function readiness(session: NotebookSession): ReadinessRow[] {
  return [
    problems(session),
    steps(session),
    inputs(session),
    questions(session),
    cleanMachine(session)
  ];
}

function problems(session: NotebookSession): ReadinessRow {
  const { readiness: words, severityCounts } = session.around.words;
  const { must, should } = counts(problemsOf(session));
  if (!session.checker.known) {
    return { section: 'check', state: 'open', text: words.checking };
  }
  const unread = session.checker.unparsable.length;
  if (unread && !must) {
    return { section: 'check', state: 'open', text: words.unread(unread) };
  }
  const text = must + should ? words.problems(severityCounts(must, should, 0)) : words.noProblems;
  return { section: 'check', state: must ? 'blocked' : 'ready', text };
}

function steps(session: NotebookSession): ReadinessRow {
  const { readiness: words } = session.around.words;
  const { steps: model, overview } = session;
  const count = model.rows.length;
  const { proof, current, pipeline } = overview.value ?? {};
  if (!count) {
    return { section: 'steps', state: 'open', text: words.noSteps };
  }
  if (proof && !proof.equal && current) {
    return { section: 'steps', state: 'blocked', text: words.different };
  }
  if (overview.tested) {
    return { section: 'steps', state: 'ready', text: words.tested(count) };
  }
  if (model.suggested) {
    return { section: 'steps', state: 'ready', text: words.suggested(count) };
  }
  return pipeline && proof
    ? { section: 'steps', state: 'open', text: words.changed(count) }
    : { section: 'steps', state: 'ready', text: words.untested(count) };
}

function inputs({ inputs: model, around }: NotebookSession): ReadinessRow {
  const { readiness: words } = around.words;
  if (model.toDecide) {
    return { section: 'inputs', state: 'blocked', text: words.inputsToDecide(model.toDecide) };
  }
  if (model.compared) {
    return { section: 'inputs', state: 'ready', text: words.inputsSame };
  }
  const count = model.features?.inputs.length ?? 0;
  const text = count ? words.inputsTraced(count) : words.inputs;
  return { section: 'inputs', state: 'open', text };
}

function questions(session: NotebookSession): ReadinessRow {
  const { plan, around } = session;
  const open = plan.open.length;
  const known = plan.plan !== null;
  return {
    section: 'publish',
    state: known && !open ? 'ready' : 'open',
    text: around.words.readiness.questions(known ? 6 - open : 0)
  };
}

function cleanMachine(session: NotebookSession): ReadinessRow {
  const { readiness: words } = session.around.words;
  const published = session.overview.value?.published;
  if (!published) {
    return { section: 'publish', state: 'open', text: words.notDone };
  }
  if (!published.rehearsed) {
    return { section: 'publish', state: 'blocked', text: words.untestedVersion(published.version) };
  }
  return published.stale_cells
    ? {
        section: 'publish',
        state: 'open',
        text: words.stale(published.version, published.stale_cells)
      }
    : { section: 'publish', state: 'ready', text: words.passed(published.version) };
}
