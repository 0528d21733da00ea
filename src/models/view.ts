import { VDomModel } from '@jupyterlab/ui-components';

import { Failure } from '../contracts';

export const sectionNames = ['check', 'steps', 'inputs', 'publish', 'live'] as const;

export type SectionName = (typeof sectionNames)[number];

export type IgnoreScope = 'here' | 'everywhere';

export type Busy = 'fixing' | 'starting' | 'cancelling' | 'comparing';

/** What is open and unfolded in the panel. Nothing here is about the notebook itself. */
export class View extends VDomModel {
  isOpen(section: SectionName): boolean {
    return this.open.has(section);
  }

  /** The section to begin with, unless something was opened already. */
  begin(section: SectionName): void {
    if (!this.begun) {
      this.begun = true;
      this.open = new Set([...this.byUser, section]);
      this.stateChanged.emit();
    }
  }

  toggle(section: SectionName): void {
    this.begun = true;
    this.flip(this.open, section);
    if (this.open.has(section)) {
      this.byUser.add(section);
    } else {
      this.byUser.delete(section);
    }
  }

  /** Somebody works in this section: it stays open until it is closed by hand. */
  keep(section: SectionName): void {
    this.byUser.add(section);
  }

  /** Open a section beside those that are open. */
  also(section: SectionName): void {
    if (!this.open.has(section)) {
      this.flip(this.open, section);
    }
  }

  /** Open a section for the next thing to do; what the user opened stays open. */
  reveal(section: SectionName): void {
    this.begun = true;
    if (!this.open.has(section)) {
      this.open = new Set([...this.byUser, section]);
      this.stateChanged.emit();
    }
  }

  /** Whether something that folds (a row's details, a long list) is unfolded. */
  isUnfolded(key: string): boolean {
    return this.unfolded.has(key);
  }

  fold(key: string): void {
    this.flip(this.unfolded, key);
  }

  unfold(key: string): void {
    if (!this.unfolded.has(key)) {
      this.fold(key);
    }
  }

  /** The row that asks why it is ignored. */
  get ignoring(): { key: string; scope: IgnoreScope } | null {
    return this._ignoring;
  }

  set ignoring(value: { key: string; scope: IgnoreScope } | null) {
    this._ignoring = value;
    this.stateChanged.emit();
  }

  /** Where the focus shall go once it is on screen: the `data-focus` of an element. */
  get wanted(): string | null {
    return this._wanted;
  }

  focus(name: string): void {
    this._wanted = name;
    this.stateChanged.emit();
  }

  /** The focus went there. */
  focused(): void {
    this._wanted = null;
  }

  /** What is being done right now. */
  get busy(): Busy | null {
    return this._busy;
  }

  /** What went wrong with the last thing that was tried, until it is closed or tried again. */
  get failure(): Failure | null {
    return this._failure;
  }

  fail(failure: Failure | null): void {
    this._failure = failure;
    this.stateChanged.emit();
  }

  /** Do something, one thing at a time; what goes wrong is shown. */
  async during(busy: Busy, act: () => Promise<void>): Promise<void> {
    if (this._busy) {
      return;
    }
    this._busy = busy;
    this.fail(null);
    try {
      await act();
    } catch (error) {
      const { message, hint } = error as Partial<Failure>;
      this._failure = { message: message ?? String(error), hint: hint ?? '' };
    } finally {
      this._busy = null;
      this.stateChanged.emit();
    }
  }

  /** What a fix leaves to do, such as changing a password. */
  get advice(): string[] {
    return this._advice;
  }

  set advice(advice: string[]) {
    this._advice = advice;
    this.stateChanged.emit();
  }

  /** Cells that wait for the name of a new step. */
  get naming(): string[] | null {
    return this._naming;
  }

  set naming(cells: string[] | null) {
    this._naming = cells;
    this.stateChanged.emit();
  }

  /** Key of the problem that "next problem" went to last. */
  visited = '';

  private flip<T>(set: Set<T>, value: T): void {
    if (!set.delete(value)) {
      set.add(value);
    }
    this.stateChanged.emit();
  }

  private begun = false;
  private open = new Set<SectionName>(['check']);
  private readonly byUser = new Set<SectionName>();
  private readonly unfolded = new Set<string>();
  private _ignoring: { key: string; scope: IgnoreScope } | null = null;
  private _wanted: string | null = null;
  private _busy: Busy | null = null;
  private _failure: Failure | null = null;
  private _advice: string[] = [];
  private _naming: string[] | null = null;
}
