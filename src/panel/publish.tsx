import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { publish } from '../actions/running';
import { questions } from '../logic/fields';
import { NotebookSession } from '../models/session';
import { Words } from '../words';
import { Button } from './button';
import { More } from './more';
import { Note } from './note';
import { Questions } from './questions';
import { Review } from './review';
import { Results } from './results';
import { Said } from './said';
import { Failed } from './steps';

/** The fourth section: what only people can say, and the version that comes of it. */
export function PublishSection(props: {
  session: NotebookSession;
  commands: CommandRegistry;
}): JSX.Element {
  const { session, commands } = props;
  const { plan, around, lastJob, overview } = session;
  const words = around.words.publish;
  if (!plan.plan) {
    return (
      <p className="jp-Handoff-summary">
        {plan.error ? plan.error.message : plan.slow ? words.loading : ''}
      </p>
    );
  }
  return (
    <>
      {lastJob?.state === 'failed' && lastJob.kind === 'publish' ? (
        <Failed session={session} commands={commands} job={lastJob} />
      ) : null}
      {overview.value?.published ? (
        <Results session={session} commands={commands} published={overview.value.published} />
      ) : null}
      {plan.problem ? (
        <Note kind="failed">
          <Said text={plan.problem} />
        </Note>
      ) : (
        <>
          <p className="jp-Handoff-summary">{openWords(plan.open.length, words)}</p>
          <Questions session={session} />
          <NameLine session={session} />
          <More session={session} />
          <Review session={session} />
          <p className="jp-Handoff-hint">{plan.saving ? words.saving : words.savedIn(plan.file)}</p>
          <Buttons session={session} />
        </>
      )}
    </>
  );
}

function openWords(open: number, words: Words['publish']): string {
  if (open === 0) {
    return words.allAnswered;
  }
  return open === Object.keys(questions).length ? words.empty : words.open(open);
}

function Buttons({ session }: { session: NotebookSession }) {
  const { plan, view, around, queuedJob, job } = session;
  const words = around.words.publish;
  const open = plan.open.length;
  const busy = view.busy
    ? words.saving
    : (queuedJob ?? (job?.kind === 'publish' ? job : undefined))
      ? around.words.next.waiting
      : undefined;
  return (
    <div className="jp-Handoff-actions">
      <Button
        label={words.publish}
        unavailable={busy ?? (open ? words.waitsFor(open) : undefined)}
        onPress={() => publish(session)}
      />
      {open ? (
        <Button
          label={words.draft}
          quiet
          unavailable={busy}
          onPress={() => publish(session, true)}
        />
      ) : null}
    </div>
  );
}

/** Name and store on one line, and the form that changes them. */
function NameLine({ session }: { session: NotebookSession }) {
  const { overview, view, around } = session;
  const words = around.words.publish;
  const editing = view.isUnfolded('name');
  const toggle = (
    <Button
      label={editing ? words.done : words.change}
      title={editing ? undefined : words.changeName}
      quiet
      expanded={editing}
      onPress={() => view.fold('name')}
    />
  );
  if (!editing) {
    return (
      <p className="jp-Handoff-name">
        <span>{words.nameIn(overview.modelName, overview.store || words.defaultStore)}</span>{' '}
        {toggle}
      </p>
    );
  }
  return (
    <div className="jp-Handoff-name">
      <label className="jp-Handoff-field">
        {words.name}
        <input
          type="text"
          className="jp-mod-styled"
          value={overview.modelName}
          onChange={event => {
            overview.modelName = event.target.value;
          }}
        />
      </label>
      <label className="jp-Handoff-field">
        {words.store}
        <input
          type="text"
          className="jp-mod-styled"
          value={overview.store}
          onChange={event => {
            overview.store = event.target.value;
          }}
        />
        <span className="jp-Handoff-hint">{words.storeHint}</span>
      </label>
      {toggle}
    </div>
  );
}
