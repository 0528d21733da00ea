import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ISharedNotebook } from '@jupyter/ydoc';
import { VDomModel } from '@jupyterlab/ui-components';
import { ISignal, Signal } from '@lumino/signaling';

import { NotebookSession, Surroundings } from './session';

/** All that the sidebar knows: a session for each notebook that was in front since the page was loaded. */
export class Handoff extends VDomModel {
  constructor(
    private readonly tracker: INotebookTracker,
    readonly around: Surroundings
  ) {
    super();
    tracker.currentChanged.connect(this.onCurrent, this);
    tracker.widgetAdded.connect(this.onAdded, this);
    tracker.forEach(panel => this.onAdded(tracker, panel));
    this.onCurrent();
  }

  /** The notebook in front; null where there is none, or it still loads. */
  get current(): NotebookSession | null {
    const panel = this.tracker.currentWidget;
    return (panel && this.sessions.get(panel)) ?? null;
  }

  /** Whether a notebook is in front that still loads. */
  get loading(): boolean {
    return this.tracker.currentWidget !== null && this.current === null;
  }

  /** Emitted when a session begins. */
  get opened(): ISignal<this, NotebookSession> {
    return this._opened;
  }

  /** The session that a cell's document belongs to. */
  of(notebook: ISharedNotebook | null): NotebookSession | null {
    return [...this.sessions.values()].find(one => one.model.sharedModel === notebook) ?? null;
  }

  /** The session of a notebook's widget. */
  ofPanel(panel: NotebookPanel): NotebookSession | null {
    return this.sessions.get(panel) ?? null;
  }

  private onAdded(_: INotebookTracker, panel: NotebookPanel): void {
    void Promise.all([panel.context.ready, panel.revealed]).then(() => {
      if (panel.isDisposed || this.isDisposed || this.sessions.has(panel)) {
        return;
      }
      const session = new NotebookSession(panel, this.around);
      this.sessions.set(panel, session);
      session.stateChanged.connect(this.onSession, this);
      panel.disposed.connect(() => {
        this.sessions.delete(panel);
        this.stateChanged.emit();
      });
      this._opened.emit(session);
      this.stateChanged.emit();
    });
  }

  private onCurrent(): void {
    this.stateChanged.emit();
  }

  private onSession(session: NotebookSession): void {
    if (session === this.current) {
      this.stateChanged.emit();
    }
  }

  private readonly sessions = new Map<NotebookPanel, NotebookSession>();
  private readonly _opened = new Signal<this, NotebookSession>(this);
}
