import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { putBack } from '../actions/fixing';
import { goToCell } from '../actions/jump';
import { unignore } from '../actions/ignoring';
import { counts, Group, groups } from '../logic/problems';
import { problemsOf } from '../logic/standing';
import { NotebookSession } from '../models/session';
import { Button } from './button';
import { Grid, RowGroup } from './grid';
import { Note } from './note';
import { leave, ProblemRow } from './problem-row';
import { Said } from './said';
import { Caret } from './shape';

/** Rows of a kind before "Show N more". */
const FEW = 10;

/** The first section: problems by kind. */
export function CheckSection(props: {
  session: NotebookSession;
  commands: CommandRegistry;
}): JSX.Element {
  const { session, commands } = props;
  const { checker, view, around, edits } = session;
  const { words } = around;
  const problems = problemsOf(session);
  const count = counts(problems);
  return (
    <>
      {checker.unparsable.map(({ cell_id, line }) => (
        <Note
          key={cell_id}
          actions={
            <Button
              label={words.steps.goToCell}
              quiet
              onPress={() => goToCell(session, cell_id, line)}
            />
          }
        >
          {words.check.unparsable(session.numberOf(cell_id), line, checker.checked)}
        </Note>
      ))}
      {view.advice.map(line => (
        <Note
          key={line}
          actions={
            <Button
              label={words.close}
              quiet
              onPress={() => {
                view.advice = view.advice.filter(one => one !== line);
              }}
            />
          }
        >
          <Said text={line} />
        </Note>
      ))}
      <p className="jp-Handoff-summary">
        {view.busy === 'fixing' ? words.check.fixing : summary(session, count)}
      </p>
      {problems.length || checker.ignored.length || edits.fixed.length ? (
        <Grid label={words.check.list} onEscape={leave(session)}>
          {groups(problems).map(group => (
            <Kind key={group.family} session={session} commands={commands} group={group} />
          ))}
          <Ignored session={session} />
          <Fixed session={session} />
        </Grid>
      ) : null}
    </>
  );
}

function summary(session: NotebookSession, count: ReturnType<typeof counts>): string {
  const { checker, around } = session;
  const { check, severityCounts } = around.words;
  if (!checker.known) {
    return checker.slow ? check.loading : '';
  }
  if (count.must + count.should + count.good) {
    return severityCounts(count.must, count.should, count.good);
  }
  return checker.ignored.length ? check.clear(checker.ignored.length) : check.none(checker.checked);
}

function Kind(props: { session: NotebookSession; commands: CommandRegistry; group: Group }) {
  const { session, commands, group } = props;
  const { view, around } = session;
  const { words } = around;
  const total = group.rows.reduce((sum, row) => sum + row.findings.length, 0);
  const key = `kind:${group.family}`;
  const all = view.isUnfolded(key);
  const folds = group.family === '';
  const few = folds ? 0 : FEW;
  const rows = all ? group.rows : group.rows.slice(0, few);
  const rest = group.rows.length - rows.length;
  const name = folds
    ? words.check.goodToKnow(total)
    : words.check.group(words.kinds[group.family] ?? group.family, total);
  return (
    <RowGroup label={name} hidden={folds}>
      {folds ? <Fold session={session} name={key} label={name} /> : null}
      {rows.map(row => (
        <ProblemRow key={row.key} session={session} commands={commands} row={row} />
      ))}
      {!folds && (rest > 0 || all) && group.rows.length > FEW ? (
        <div role="row">
          <div role="gridcell">
            <Button
              label={all ? words.showLess : words.showMore(rest)}
              quiet
              onPress={() => view.fold(key)}
            />
          </div>
        </div>
      ) : null}
    </RowGroup>
  );
}

function Ignored({ session }: { session: NotebookSession }) {
  const { checker, view, around } = session;
  const { words } = around;
  if (!checker.ignored.length) {
    return null;
  }
  const name = words.check.ignored(checker.ignored.length);
  return (
    <RowGroup label={name} hidden>
      <Fold session={session} name="ignored" label={name} />
      {view.isUnfolded('ignored')
        ? checker.ignored.map(one => (
            <div role="row" className="jp-Handoff-row jp-mod-plain" key={one.finding.key}>
              <div role="gridcell" className="jp-Handoff-what">
                <Said text={one.finding.message} />{' '}
                <span className="jp-Handoff-place">{one.reason}</span>
              </div>
              <div role="gridcell" className="jp-Handoff-actions">
                {one.scope === 'cell' ? (
                  <Button label={words.check.unignore} onPress={() => unignore(session, one)} />
                ) : null}
              </div>
            </div>
          ))
        : null}
    </RowGroup>
  );
}

function Fixed({ session }: { session: NotebookSession }) {
  const { edits, view, around } = session;
  const { words } = around;
  const { fixed } = edits;
  if (!fixed.length) {
    return null;
  }
  const name = words.check.fixed(fixed.reduce((sum, one) => sum + one.count, 0));
  return (
    <RowGroup label={name} hidden>
      <Fold session={session} name="fixed" label={name} />
      {view.isUnfolded('fixed')
        ? fixed.map(one => {
            const cell = words.cell(session.numberOf(one.cell_id));
            return (
              <div role="row" className="jp-Handoff-row" key={one.cell_id}>
                <div role="gridcell" className="jp-Handoff-what">
                  <Button label={cell} quiet onPress={() => goToCell(session, one.cell_id)} />
                </div>
                <div role="gridcell" className="jp-Handoff-actions">
                  <Button
                    label={words.check.putBack}
                    title={words.check.putBackWhat(cell)}
                    onPress={() => putBack(session, one)}
                  />
                </div>
              </div>
            );
          })
        : null}
    </RowGroup>
  );
}

/** A row that opens and closes the rows after it. */
function Fold(props: { session: NotebookSession; name: string; label: string }) {
  const { view } = props.session;
  return (
    <div role="row">
      <div role="gridcell">
        <Button
          label={props.label}
          quiet
          className="jp-Handoff-fold"
          expanded={view.isUnfolded(props.name)}
          onPress={() => view.fold(props.name)}
        >
          <Caret open={view.isUnfolded(props.name)} /> {props.label}
        </Button>
      </div>
    </div>
  );
}
