import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { fix, undo } from '../actions/fixing';
import { backToCell } from '../actions/jump';
import { askNext, publish, testRun } from '../actions/running';
import { CommandIDs } from '../commands';
import { Next, nextOf, sectionOf } from '../logic/next';
import { readiness } from '../logic/readiness';
import { standingOf } from '../logic/standing';
import { NotebookSession } from '../models/session';
import { Words } from '../words';
import { Button } from './button';
import { Grid } from './grid';
import { JobLines } from './job-line';
import { Note } from './note';
import { plain, Said, told } from './said';
import { Shape } from './shape';

const shapes = { ready: 'ready', blocked: 'must', open: 'open' } as const;

/** What stands above the sections: how far the notebook is, and the one next thing to do. */
export function Header(props: {
  session: NotebookSession;
  commands: CommandRegistry;
}): JSX.Element {
  const { session, commands } = props;
  const { view, edits, around } = session;
  const { words } = around;
  const rows = readiness(session);
  const next = nextOf(standingOf(session));
  return (
    <div className="jp-Handoff-header">
      <div className="jp-Handoff-title">
        <h2>{session.name}</h2>
        <span>{words.readiness.ready(rows.filter(row => row.state === 'ready').length)}</span>
      </div>
      <Grid label={words.readiness.list} onEscape={() => backToCell(session)}>
        {rows.map(row => (
          <div role="row" key={row.text}>
            <div role="gridcell">
              <button
                type="button"
                className="jp-Handoff-ready"
                onClick={() => {
                  view.reveal(row.section);
                  view.focus(`section:${row.section}`);
                }}
              >
                <Shape name={shapes[row.state]} word={words.readiness.state[row.state]} />
                <span>{row.text}</span>
              </button>
            </div>
          </div>
        ))}
      </Grid>
      <div className="jp-Handoff-actions">
        <Button
          main
          focus="main"
          label={labelOf(next, words)}
          unavailable={unavailable(session, next)}
          onPress={() => act(session, next)}
        />
        {next.do === 'fix' ? (
          <Button label={words.next.preview} onPress={() => commands.execute(CommandIDs.preview)} />
        ) : null}
        {edits.canUndo ? <Button label={words.undo} onPress={() => undo(session)} /> : null}
      </div>
      <JobLines session={session} />
      {view.failure ? (
        <Note
          kind="failed"
          actions={<Button label={words.close} quiet onPress={() => view.fail(null)} />}
        >
          <Said text={told(view.failure)} />
        </Note>
      ) : null}
    </div>
  );
}

function labelOf(next: Next, { next: words }: Words): string {
  switch (next.do) {
    case 'fix':
      return words.fix(next.count);
    case 'decide':
      return words.decide(plain(next.finding.message));
    case 'test-run':
      return words.testRun;
    case 'answer':
      return words.answer(next.open.length);
    case 'publish':
      return words.publish;
    case 'live':
      return words.live;
  }
}

function unavailable(session: NotebookSession, next: Next): string | undefined {
  const { checker, view, around, queuedJob, job } = session;
  const { next: words, check, saving } = { ...around.words, saving: around.words.publish.saving };
  if (view.busy) {
    const { comparing } = around.words.publish;
    return { fixing: check.fixing, comparing, starting: saving, cancelling: saving }[view.busy];
  }
  if (!checker.known) {
    return words.checking;
  }
  const waits = next.do === 'publish' && (queuedJob ?? (job?.kind === 'publish' ? job : undefined));
  return waits ? words.waiting : undefined;
}

function act(session: NotebookSession, next: Next): Promise<void> | void {
  const { view } = session;
  view.reveal(sectionOf[next.do]);
  switch (next.do) {
    case 'fix':
      return fix(session, null);
    case 'decide':
      return view.focus(`problem:${next.finding.key}`);
    case 'test-run':
      return testRun(session);
    case 'answer':
      return askNext(session);
    case 'publish':
      return publish(session);
    case 'live':
      return view.focus('section:live');
  }
}
