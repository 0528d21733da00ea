import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { askForFix, fix } from '../actions/fixing';
import { backToCell, goToProblem } from '../actions/jump';
import { CommandIDs } from '../commands';
import { Finding } from '../contracts';
import { Row } from '../logic/problems';
import { NotebookSession } from '../models/session';
import { Button } from './button';
import { Diff } from './diff';
import { IgnoreForm } from './ignore-form';
import { openMenu } from './menu';
import { plain, Said } from './said';
import { Caret, Dots, Shape, ShapeName } from './shape';

const shapes: Record<Finding['severity'], ShapeName> = {
  error: 'must',
  warning: 'should',
  info: 'good'
};

/** One problem, or one that is met in several places: go there, fix it, live with it. */
export function ProblemRow(props: {
  session: NotebookSession;
  commands: CommandRegistry;
  row: Row;
}): JSX.Element {
  const { session, commands, row } = props;
  const { view, around } = session;
  const { words } = around;
  const [first] = row.findings;
  const fixable = row.findings.filter(finding => finding.fixable);
  const unfolded = view.isUnfolded(row.key);
  const where = place(session, row);
  const args = { keys: row.findings.map(finding => finding.key) };
  return (
    <>
      <div role="row" className="jp-Handoff-row jp-mod-problem">
        <div role="gridcell" className="jp-Handoff-what">
          <button
            type="button"
            className="jp-Handoff-go"
            data-focus={`problem:${row.key}`}
            onClick={() => void goToProblem(session, first)}
          >
            <Shape name={shapes[first.severity]} word={words.severity[first.severity]} />
            <span>
              <Said text={first.message} />
              <span className="jp-Handoff-spoken"> {where}</span>
            </span>
          </button>
        </div>
        <div role="gridcell" className="jp-Handoff-actions">
          <span className="jp-Handoff-place" aria-hidden="true">
            {where}
          </span>
          {fixable.length ? (
            <Button
              label={words.check.fix}
              title={words.check.fixWhat(plain(first.message))}
              unavailable={view.busy ? words.check.fixing : undefined}
              onPress={() =>
                fix(
                  session,
                  fixable.map(finding => finding.key)
                )
              }
            />
          ) : null}
          <Button
            label={words.check.why}
            title={words.check.details(plain(first.message))}
            quiet
            expanded={unfolded}
            onPress={() => view.fold(row.key)}
          >
            <Caret open={unfolded} />
          </Button>
          <button
            type="button"
            className="jp-Handoff-button jp-mod-quiet"
            aria-haspopup="menu"
            aria-label={words.moreFor(plain(first.message))}
            title={words.more}
            onClick={event =>
              openMenu(commands, event.currentTarget, [
                { command: CommandIDs.ignore, args: { ...args, scope: 'here' } },
                { command: CommandIDs.ignore, args: { ...args, scope: 'everywhere' } },
                { command: CommandIDs.why, args }
              ])
            }
          >
            <Dots />
          </button>
        </div>
      </div>
      {unfolded ? <Details session={session} row={row} /> : null}
      {view.ignoring?.key === row.key ? <IgnoreForm session={session} row={row} /> : null}
    </>
  );
}

/** Why it is a problem, all its places, and the change that would fix it. */
function Details(props: { session: NotebookSession; row: Row }): JSX.Element {
  const { session, row } = props;
  const { words } = session.around;
  const [diff, setDiff] = React.useState('');
  const keys = row.findings.filter(finding => finding.fixable).map(finding => finding.key);
  const wanted = keys.join('\n');
  React.useEffect(() => {
    let current = true;
    if (wanted) {
      askForFix(session, wanted.split('\n')).then(
        answer => current && setDiff(answer.diff),
        () => current && setDiff('')
      );
    }
    return () => {
      current = false;
    };
  }, [session, wanted]);
  return (
    <div role="row" className="jp-Handoff-details">
      <div role="gridcell">
        <p>
          <Said text={row.findings[0].why} />
        </p>
        {row.findings.length > 1 ? (
          <p className="jp-Handoff-actions">
            {row.findings.map(finding => (
              <Button
                key={finding.key}
                label={placeOf(session, finding)}
                quiet
                onPress={() => goToProblem(session, finding)}
              />
            ))}
          </p>
        ) : null}
        {wanted && diff ? <Diff text={diff} label={words.check.previewLabel} /> : null}
      </div>
    </div>
  );
}

function place(session: NotebookSession, row: Row): string {
  const { words } = session.around;
  if (row.findings.length === 1) {
    return placeOf(session, row.findings[0]);
  }
  const cells = row.findings.map(finding => finding.cell_index + 1);
  const lines = row.findings.map(finding => finding.line);
  return new Set(cells).size === 1 && new Set(lines).size > 1
    ? words.lines(cells[0], lines)
    : words.cells(cells);
}

function placeOf(session: NotebookSession, finding: Finding): string {
  const { words } = session.around;
  const number = finding.cell_index + 1;
  if (number < 1) {
    return words.wholeNotebook;
  }
  if (finding.where === 'output') {
    return words.inOutput(number);
  }
  return finding.where === 'metadata' ? words.cell(number) : words.place(number, finding.line);
}

/** Escape from the list goes back to the notebook. */
export function leave(session: NotebookSession): () => void {
  return () => backToCell(session);
}
