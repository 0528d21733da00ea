import { Cell } from '@jupyterlab/cells';
import { NotebookPanel } from '@jupyterlab/notebook';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { CommandIDs } from '../commands';
import { handoffIcon, stepIcon } from '../icon';
import { mustFix } from '../logic/standing';
import { Handoff } from '../models/handoff';

/** "Hand off 3": opens the panel, and says how many problems must be fixed. */
export class HandOffButton extends ReactWidget {
  constructor(
    private readonly handoff: Handoff,
    private readonly panel: NotebookPanel,
    private readonly commands: CommandRegistry
  ) {
    super();
    this.addClass('jp-Toolbar-item');
    this.addClass('jp-Handoff-toolbarItem');
    handoff.stateChanged.connect(this.follow, this);
    this.follow();
  }

  protected render(): JSX.Element {
    const { words } = this.handoff.around;
    return (
      <UseSignal signal={this.handoff.stateChanged}>
        {() => {
          const session = this.handoff.ofPanel(this.panel);
          const count = session?.isPython ? mustFix(session) : 0;
          return (
            <button
              type="button"
              className="jp-Handoff-toolbarButton"
              title={words.openCaption(count)}
              onClick={() => void this.commands.execute(CommandIDs.showPanel)}
            >
              <handoffIcon.react tag="span" elementSize="normal" />
              <span>{words.open}</span>
              {count ? <span className="jp-Handoff-badge">{count}</span> : null}
            </button>
          );
        }}
      </UseSignal>
    );
  }

  private follow(): void {
    this.setHidden(!this.handoff.around.settings.toolbar);
  }
}

/** Icon-wide, since a label would make JupyterLab hide the whole cell toolbar. */
export class StepButton extends ReactWidget {
  constructor(
    private readonly handoff: Handoff,
    private readonly cell: Cell,
    private readonly menu: { before(): void; open(anchor: HTMLElement): void }
  ) {
    super();
    this.addClass('jp-Toolbar-item');
    handoff.stateChanged.connect(this.follow, this);
    this.follow();
  }

  protected render(): JSX.Element {
    const { steps } = this.handoff.around.words;
    return (
      <button
        type="button"
        className="jp-Handoff-toolbarButton"
        title={steps.toolbar}
        aria-label={steps.toolbar}
        aria-haspopup="menu"
        onPointerDown={() => this.menu.before()}
        onClick={event => this.menu.open(event.currentTarget)}
      >
        <stepIcon.react tag="span" elementSize="normal" />
      </button>
    );
  }

  private follow(): void {
    this.setHidden(this.cell.model.type !== 'code' || !this.handoff.around.settings.toolbar);
  }
}
