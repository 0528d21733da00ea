import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { backToCell } from '../actions/jump';
import { NotebookSession } from '../models/session';
import { Button } from './button';
import { Grid } from './grid';
import { LiveRow } from './live-row';
import { Note } from './note';
import { Said, told } from './said';

/** The fifth section: published models, what changed around them, and what can be done. Asked for when it opens. */
export function LiveSection(props: {
  session: NotebookSession;
  commands: CommandRegistry;
}): JSX.Element {
  const { session, commands } = props;
  const { live, around } = session;
  const { words } = around;
  React.useEffect(() => void live.load(), [live]);
  const models = live.value?.models ?? [];
  return (
    <>
      {live.error ? (
        <Note kind="failed" actions={<Button label={words.tryAgain} onPress={() => live.load()} />}>
          {live.error.unreachable
            ? words.live.unreachable(live.asOf ? words.hour(live.asOf) : '')
            : told(live.error)}
        </Note>
      ) : null}
      {live.refused ? (
        <Note kind="failed">
          <Said text={told(live.refused)} />
        </Note>
      ) : null}
      {live.said ? <Note kind="done">{live.said}</Note> : null}
      <p className="jp-Handoff-summary">{summary(session)}</p>
      {models.length ? (
        <Grid label={words.live.list} onEscape={() => backToCell(session)}>
          {models.map(model => (
            <LiveRow key={model.name} session={session} commands={commands} model={model} />
          ))}
        </Grid>
      ) : null}
    </>
  );
}

function summary({ live, around }: NotebookSession): string {
  const { words } = around;
  if (live.acting) {
    return words.live.doing;
  }
  if (!live.value) {
    return live.slow ? words.live.loading : '';
  }
  const { models } = live.value;
  if (!models.length) {
    return words.live.empty;
  }
  if (live.alerts) {
    return words.live.alerts(live.alerts);
  }
  const checks = models.map(model => model.last_check).filter(Boolean);
  return checks.length === models.length
    ? words.live.quiet(models.length, words.hour(new Date(checks.sort().at(-1)!)))
    : words.live.unchecked(models.length);
}
