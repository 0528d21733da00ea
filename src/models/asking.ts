import { VDomModel } from '@jupyterlab/ui-components';

import { RequestError } from '../server/request';

/** Answers that take longer than this say so. */
const SLOW = 1000;

/** A model that asks the server: whether it waits, since when it is slow, and what went wrong last. */
export abstract class AskingModel extends VDomModel {
  /** True once an answer takes more than a second. */
  get slow(): boolean {
    return this._slow;
  }

  get error(): RequestError | null {
    return this._error;
  }

  /** Time of the last good answer; null before the first. */
  get asOf(): Date | null {
    return this._asOf;
  }

  /** Await an answer; an error is kept, not thrown, and gives null. */
  protected async asking<T>(answer: Promise<T>): Promise<T | null> {
    const mine = ++this.asked;
    const timer = window.setTimeout(() => this.setSlow(true), SLOW);
    try {
      const good = await answer;
      this._error = null;
      this._asOf = new Date();
      return good;
    } catch (error) {
      this._error =
        error instanceof RequestError ? error : new RequestError(String(error), '', 500);
      return null;
    } finally {
      window.clearTimeout(timer);
      if (mine === this.asked) {
        this._slow = false;
      }
      if (!this.isDisposed) {
        this.stateChanged.emit();
      }
    }
  }

  /** As `asking`, but null too where something newer was asked meanwhile, or the model is gone. */
  protected async newest<T>(answer: Promise<T>): Promise<T | null> {
    const asked = this.asking(answer);
    const mine = this.asked;
    const good = await asked;
    return mine === this.asked && !this.isDisposed ? good : null;
  }

  private setSlow(slow: boolean): void {
    this._slow = slow;
    if (!this.isDisposed) {
      this.stateChanged.emit();
    }
  }

  private asked = 0;
  private _slow = false;
  private _error: RequestError | null = null;
  private _asOf: Date | null = null;
}
