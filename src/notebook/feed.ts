import { ICellModel } from '@jupyterlab/cells';
import { INotebookModel } from '@jupyterlab/notebook';
import { CellChange, ISharedCell } from '@jupyter/ydoc';
import { UUID } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { CellText, OpenNotebook } from '../contracts';
import { cellText, outputText } from './celltext';

/** What of the notebook travels beside its cells. */
export type Frame = Pick<OpenNotebook, 'path' | 'language' | 'kernel' | 'metadata'>;

/** Why the server must look again: `text` at once, `outputs` may wait. */
export type Reason = 'text' | 'outputs';

/** Server answers name the cells that they no longer know. */
interface Answer {
  missing: string[];
}

/** Sends the open notebook to the server, each cell only when it changed. */
export class NotebookFeed implements IDisposable {
  constructor(
    private readonly model: INotebookModel,
    private readonly frame: () => Frame
  ) {
    model.cells.changed.connect(this.onCells, this);
    model.metadataChanged.connect(this.onMetadata, this);
    this.onCells();
  }

  /** Emitted on every change that the server would see. */
  get changed(): ISignal<this, Reason> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.connected.forEach(cell => cell.changed.disconnect(this.onCell, this));
    Signal.clearData(this);
  }

  /**
   * One request about the notebook as it is now. Requests go one after the other, so that "changed since the last
   * one" has a meaning; cells that the server does not know are sent once more.
   */
  ask<A extends Answer>(send: (notebook: OpenNotebook) => Promise<A>): Promise<A> {
    const answer = this.queue.then(() => this.exchange(send));
    this.queue = answer.catch(() => undefined);
    return answer;
  }

  private async exchange<A extends Answer>(
    send: (notebook: OpenNotebook) => Promise<A>
  ): Promise<A> {
    let answer = await this.once(send);
    for (let again = 0; again < 2 && answer.missing.length > 0; again++) {
      answer.missing.forEach(id => this.dirty.add(id));
      answer = await this.once(send);
    }
    return answer;
  }

  private async once<A extends Answer>(send: (notebook: OpenNotebook) => Promise<A>): Promise<A> {
    const order: string[] = [];
    const changed: CellText[] = [];
    for (const cell of this.model.cells) {
      order.push(cell.id);
      if (this.dirty.has(cell.id)) {
        changed.push(this.text(cell));
      }
    }
    const sent = [...this.dirty];
    this.dirty.clear();
    try {
      return await send({ ...this.frame(), session: this.session, order, changed });
    } catch (error) {
      sent.forEach(id => this.dirty.add(id));
      throw error;
    }
  }

  private text(cell: ICellModel): CellText {
    let output = this.outputs.get(cell.sharedModel);
    if (output === undefined) {
      output = outputText(cell);
      this.outputs.set(cell.sharedModel, output);
    }
    return cellText(cell, output);
  }

  private onCells(): void {
    for (const { sharedModel } of this.model.cells) {
      if (!this.connected.has(sharedModel)) {
        this.connected.add(sharedModel);
        sharedModel.changed.connect(this.onCell, this);
        sharedModel.disposed.connect(() => this.connected.delete(sharedModel));
        this.dirty.add(sharedModel.getId());
      }
    }
    this._changed.emit('text');
  }

  private onCell(cell: ISharedCell, change: CellChange): void {
    const outputs = change.outputsChange ?? change.streamOutputChange;
    const text = change.sourceChange ?? change.metadataChange ?? change.attachmentsChange;
    if (!outputs && !text && !change.executionCountChange) {
      return;
    }
    if (outputs) {
      this.outputs.delete(cell);
    }
    this.dirty.add(cell.getId());
    this._changed.emit(text ? 'text' : 'outputs');
  }

  private onMetadata(): void {
    this._changed.emit('text');
  }

  /** Tells this tab's unsaved state from another's. */
  private readonly session = UUID.uuid4();
  private readonly _changed = new Signal<this, Reason>(this);
  private _isDisposed = false;
  private readonly connected = new Set<ISharedCell>();
  private readonly dirty = new Set<string>();
  private readonly outputs = new WeakMap<ISharedCell, string>();
  private queue: Promise<unknown> = Promise.resolve();
}
