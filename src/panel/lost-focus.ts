import { IDisposable } from '@lumino/disposable';

/**
 * Calls back when the element that had the focus below `node` is taken away, and the focus with it: nobody who works by
 * keyboard shall find themselves at the top of the page.
 */
export class LostFocus implements IDisposable {
  constructor(
    private readonly node: HTMLElement,
    private readonly onLost: () => void
  ) {
    node.addEventListener('focusin', this.onFocusIn);
    node.addEventListener('focusout', this.onFocusOut);
    this.observer = new MutationObserver(() => this.look());
    this.observer.observe(node, { childList: true, subtree: true });
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this.observer.disconnect();
    this.node.removeEventListener('focusin', this.onFocusIn);
    this.node.removeEventListener('focusout', this.onFocusOut);
  }

  private look(): void {
    if (this.last && !this.last.isConnected) {
      this.last = null;
      if (document.activeElement === null || document.activeElement === document.body) {
        this.onLost();
      }
    }
  }

  private readonly onFocusIn = (event: FocusEvent) => {
    this.last = event.target as HTMLElement;
  };

  /** An element that is still there gave the focus away; one that is being removed lost it. */
  private readonly onFocusOut = (event: FocusEvent) => {
    window.setTimeout(() => {
      if (this.last === event.target && this.last?.isConnected) {
        this.last = null;
      }
    });
  };

  private last: HTMLElement | null = null;
  private _isDisposed = false;
  private readonly observer: MutationObserver;
}
