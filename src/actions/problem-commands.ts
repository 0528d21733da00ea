import { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { CommandIDs } from '../commands';
import { Finding } from '../contracts';
import { groups, inOrder, neighbour } from '../logic/problems';
import { problemsOf } from '../logic/standing';
import { Handoff } from '../models/handoff';
import { NotebookSession } from '../models/session';
import { IgnoreScope } from '../models/view';
import { fix } from './fixing';
import { goToProblem } from './jump';

const keys = { type: 'array', items: { type: 'string' }, description: 'Keys of the problems' };
const scope = { type: 'string', enum: ['here', 'everywhere'] };
const described = (properties: ReadonlyJSONObject) => ({
  args: { type: 'object', properties, required: Object.keys(properties) }
});

/** Commands about single problems, named by their keys, and those that go from one to the next. */
export function addProblemCommands(app: JupyterFrontEnd, handoff: Handoff): void {
  const { commands } = app;
  const { words } = handoff.around;
  const keysOf = (args: ReadonlyPartialJSONObject) => (args.keys ?? []) as string[];

  commands.addCommand(CommandIDs.fix, {
    label: words.check.fix,
    describedBy: described({ keys }),
    execute: args => handoff.current && fix(handoff.current, keysOf(args))
  });
  commands.addCommand(CommandIDs.ignore, {
    label: args =>
      args.scope === 'everywhere' ? words.check.ignoreEverywhere : words.check.ignoreHere,
    describedBy: described({ keys, scope }),
    isEnabled: args =>
      args.scope === 'everywhere' ||
      found(handoff.current, keysOf(args)).every(finding => finding.cell_id !== ''),
    execute: args => {
      const row = handoff.current && rowOf(handoff.current, keysOf(args));
      if (handoff.current && row) {
        show(app, handoff.current, row);
        handoff.current.view.ignoring = { key: row, scope: args.scope as IgnoreScope };
        handoff.current.view.focus('ignore');
      }
    }
  });
  commands.addCommand(CommandIDs.why, {
    label: words.check.why,
    describedBy: described({ keys }),
    execute: args => {
      const row = handoff.current && rowOf(handoff.current, keysOf(args));
      if (handoff.current && row) {
        show(app, handoff.current, row);
        handoff.current.view.unfold(row);
        handoff.current.view.focus(`problem:${row}`);
      }
    }
  });
  const step = (id: string, label: string, forward: boolean) =>
    commands.addCommand(id, {
      label,
      describedBy: described({}),
      isEnabled: () => handoff.current !== null,
      execute: () => handoff.current && goOn(handoff.current, forward)
    });
  step(CommandIDs.nextProblem, words.commands.next, true);
  step(CommandIDs.previousProblem, words.commands.previous, false);
}

/** Go to the problem after or before the one visited last, or else the cursor. */
function goOn(session: NotebookSession, forward: boolean): Promise<void> | string {
  const finding = following(session, forward);
  if (!finding) {
    return Notification.info(session.around.words.check.noMoreProblems, { autoClose: 3000 });
  }
  session.view.visited = finding.key;
  return goToProblem(session, finding);
}

function following(session: NotebookSession, forward: boolean): Finding | undefined {
  const { activeCellIndex, activeCell, mode } = session.panel.content;
  const places = problemsOf(session)
    .filter(finding => finding.cell_index >= 0)
    .sort(inOrder);
  const last = places.findIndex(({ key }) => key === session.view.visited);
  if (places[last]?.cell_index === activeCellIndex) {
    return places.at((last + (forward ? 1 : -1)) % places.length);
  }
  const cursor = mode === 'edit' ? activeCell?.editor?.getCursorPosition().line : undefined;
  return neighbour(places, activeCellIndex, cursor === undefined ? null : cursor + 1, forward);
}

function found(session: NotebookSession | null, wanted: string[]): Finding[] {
  return session ? problemsOf(session).filter(finding => wanted.includes(finding.key)) : [];
}

/** The row that shows these problems. */
function rowOf(session: NotebookSession, wanted: string[]): string | undefined {
  return groups(problemsOf(session))
    .flatMap(group => group.rows)
    .find(row => row.findings.some(finding => wanted.includes(finding.key)))?.key;
}

function show(app: JupyterFrontEnd, session: NotebookSession, row: string): void {
  app.shell.activateById('handoff-panel');
  session.view.reveal('check');
  const group = groups(problemsOf(session)).find(one => one.rows.some(({ key }) => key === row));
  if (group) {
    session.view.unfold(`kind:${group.family}`);
  }
}
