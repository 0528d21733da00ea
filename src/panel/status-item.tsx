import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { CommandIDs } from '../commands';
import { mustFix } from '../logic/standing';
import { Handoff } from '../models/handoff';
import { NotebookSession } from '../models/session';
import { jobPart } from './job-words';

/** The item in the status bar; a click opens the panel. */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly handoff: Handoff,
    private readonly commands: CommandRegistry
  ) {
    super();
    this.addClass('jp-Handoff-statusItem');
  }

  protected render(): JSX.Element {
    const { words } = this.handoff.around;
    return (
      <UseSignal signal={this.handoff.stateChanged}>
        {() => (
          <button
            type="button"
            title={words.status.caption}
            onClick={() => void this.commands.execute(CommandIDs.showPanel)}
          >
            {textOf(this.handoff.current)}
          </button>
        )}
      </UseSignal>
    );
  }
}

function textOf(session: NotebookSession | null): string {
  if (!session) {
    return '';
  }
  const { words } = session.around;
  if (session.job) {
    return words.status.job(jobPart(session, session.job) || words.job.kinds[session.job.kind]);
  }
  if (!session.handsOver) {
    return words.app;
  }
  const left = mustFix(session);
  return left ? words.status.left(left) : words.status.clear;
}
