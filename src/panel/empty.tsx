import { Clipboard } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { CommandIDs } from '../commands';
import { NotebookSession } from '../models/session';
import { Words } from '../words';
import { Button } from './button';
import { Note } from './note';
import { told } from './said';

/** No notebook is in front. */
export function NoNotebook(props: { words: Words; commands: CommandRegistry }): JSX.Element {
  const { words, commands } = props;
  return (
    <div className="jp-Handoff-empty">
      <p>{words.empty.noNotebook}</p>
      {commands.isVisible(CommandIDs.openExample) ? (
        <Button
          main
          focus="main"
          label={words.empty.openExample}
          onPress={() => commands.execute(CommandIDs.openExample)}
        />
      ) : null}
    </div>
  );
}

/** What keeps a notebook from being checked or handed over as it is: shown above what is known. */
export function Hindrances(props: {
  session: NotebookSession;
  commands: CommandRegistry;
}): JSX.Element | null {
  const { session, commands } = props;
  const { checker, overview, around } = session;
  const { words } = around;
  const error = [checker, session.steps, session.plan, overview]
    .map(one => one.error)
    .find(Boolean);
  if (error) {
    return (
      <Note
        kind="failed"
        actions={<Button label={words.tryAgain} onPress={() => session.load()} />}
      >
        {error.unreachable
          ? words.empty.unreachable(checker.asOf ? words.hour(checker.asOf) : '')
          : told(error)}
      </Note>
    );
  }
  const { lacks = [], install = '', published } = overview.value ?? {};
  if (lacks.length) {
    return (
      <Note actions={<Button label={words.copy} onPress={() => Clipboard.copyToSystem(install)} />}>
        {words.empty.lacks(session.kernel, lacks)} <code>{install}</code>
      </Note>
    );
  }
  if (published?.rehearsed && !published.draft && published.stale_cells) {
    const { publish } = words;
    return (
      <Note
        actions={
          <Button
            label={publish.compare}
            unavailable={session.view.busy === 'comparing' ? publish.comparing : undefined}
            onPress={() => commands.execute(CommandIDs.compare)}
          />
        }
      >
        {publish.changedSince(published.version, published.stale_cells)}
      </Note>
    );
  }
  return null;
}

/** A notebook in another language. */
export function OtherLanguage({ session }: { session: NotebookSession }): JSX.Element {
  const { words } = session.around;
  return (
    <div className="jp-Handoff-empty">
      <p>{words.empty.language(words.languageName(session.language))}</p>
    </div>
  );
}

/** A notebook without a model; a leaked password is shown all the same. */
export function NoModel({ session }: { session: NotebookSession }): JSX.Element {
  const { words } = session.around;
  return (
    <div className="jp-Handoff-empty">
      <p>{words.empty.trainsNoModel}</p>
      <Button label={words.empty.itDoes} focus="main" onPress={() => session.itDoes()} />
    </div>
  );
}
