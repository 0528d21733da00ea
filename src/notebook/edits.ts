import { INotebookModel } from '@jupyterlab/notebook';
import { YNotebook } from '@jupyter/ydoc';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { CellChange, NotebookChange } from '../contracts';
import { applyChange, asOneStep, replaceSource } from './change';
import { addLines, Refused, TakeBack } from './sidefiles';
import { TextFiles } from './textfiles';

/** A cell that a fix changed, and how many problems that took away. */
export interface FixedCell extends CellChange {
  count: number;
}

/** Our own edits of one open notebook, and whether the last of them can still be undone. */
export class Edits implements IDisposable {
  constructor(
    private readonly model: INotebookModel,
    private readonly files: TextFiles,
    private readonly path: () => string
  ) {
    this.undoManager.on('stack-item-added', this.onStack);
    this.undoManager.on('stack-item-popped', this.onStack);
    model.contentChanged.connect(this.onContent, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Whether our edit is the notebook's last undo step, and nobody typed into its cells since. */
  get canUndo(): boolean {
    return (
      this.last !== null &&
      this.last.item === this.top &&
      this.last.change.cells.every(one => this.source(one.cell_id) === one.after)
    );
  }

  /** Cells that a fix changed and whose text nobody touched since: each can be put back by itself. */
  get fixed(): FixedCell[] {
    return this._fixed.filter(one => this.source(one.cell_id) === one.after);
  }

  /**
   * Make a change as one undo step, and add its lines to the files beside the notebook.
   *
   * @param counts problems taken away, by cell id
   * @returns null where the notebook was edited meanwhile and nothing was changed; else the lines that could not be
   *   written
   */
  async apply(
    change: NotebookChange,
    counts: Record<string, number> = {}
  ): Promise<Refused[] | null> {
    if (!applyChange(this.model, change)) {
      return null;
    }
    this._fixed.push(...change.cells.map(one => ({ ...one, count: counts[one.cell_id] ?? 1 })));
    const last = { item: this.top, change, added: [] as TakeBack[] };
    this.last = last;
    this._changed.emit();
    const { added, refused } = await addLines(this.files, this.path(), change.files);
    last.added = added;
    return refused;
  }

  /** An edit of another kind (metadata) as one undo step of ours. */
  step(edit: () => void): void {
    asOneStep(this.model, edit);
    this.last = { item: this.top, change: noChange, added: [] };
    this._changed.emit();
  }

  /** Take our last edit back, while it is the last undo step. */
  async undo(): Promise<boolean> {
    if (!this.canUndo) {
      return false;
    }
    const { added } = this.last!;
    this.last = null;
    this.model.sharedModel.undo();
    this._changed.emit();
    for (const takeBack of added) {
      await takeBack();
    }
    return true;
  }

  /** Give one fixed cell its old text again, as an undo step of its own. */
  putBack(fixed: FixedCell): void {
    const cell = this.model.sharedModel.cells.find(one => one.getId() === fixed.cell_id);
    if (cell) {
      this.step(() => replaceSource(cell, fixed.before));
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.undoManager.off('stack-item-added', this.onStack);
    this.undoManager.off('stack-item-popped', this.onStack);
    Signal.clearData(this);
  }

  private get undoManager() {
    return (this.model.sharedModel as YNotebook).undoManager;
  }

  private get top(): object | null {
    return this.undoManager.undoStack.at(-1) ?? null;
  }

  private source(id: string): string | undefined {
    return this.model.sharedModel.cells.find(cell => cell.getId() === id)?.getSource();
  }

  private readonly onStack = () => this._changed.emit();

  private onContent(): void {
    if (this.last || this._fixed.length) {
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _isDisposed = false;
  private last: { item: object | null; change: NotebookChange; added: TakeBack[] } | null = null;
  private readonly _fixed: FixedCell[] = [];
}

const noChange: NotebookChange = { cells: [], inserts: [], tags: {}, files: {}, keys: [] };
