import { Debouncer, Throttler } from '@lumino/polling';

import { CheckAnswer, Finding, Ignored, Unparsable } from '../contracts';
import { NotebookFeed, Reason } from '../notebook/feed';
import { HandoffApi } from '../server/api';
import { AskingModel } from './asking';

/** From the last keystroke to the request, and between two requests while outputs stream in. */
const TYPING = 80;
const STREAMING = 1000;

/** Problems of one open notebook, as it stands in the editor. */
export class Checker extends AskingModel {
  constructor(
    private readonly feed: NotebookFeed,
    private readonly api: HandoffApi
  ) {
    super();
    feed.changed.connect(this.onChange, this);
  }

  get findings(): Finding[] {
    return this.answer?.findings ?? [];
  }

  get ignored(): Ignored[] {
    return this.answer?.ignored ?? [];
  }

  get unparsable(): Unparsable[] {
    return this.answer?.unparsable ?? [];
  }

  /** Number of cells that were checked. */
  get checked(): number {
    return this.answer?.checked ?? 0;
  }

  get trainsModel(): boolean {
    return this.answer?.trains_model ?? false;
  }

  /** False for notebooks in another language than Python. */
  get supported(): boolean {
    return this.answer?.supported ?? true;
  }

  /** Whether there was an answer yet. */
  get known(): boolean {
    return this.answer !== null;
  }

  /** Look now. Answers that come after a newer question are dropped. */
  async check(): Promise<void> {
    const answer = await this.newest(this.feed.ask(this.api.check));
    if (answer) {
      this.answer = answer;
      this.stateChanged.emit();
    }
  }

  dispose(): void {
    this.typing.dispose();
    this.streaming.dispose();
    super.dispose();
  }

  private onChange(_: NotebookFeed, reason: Reason): void {
    void (reason === 'text' ? this.typing : this.streaming).invoke().catch(() => undefined);
  }

  private answer: CheckAnswer | null = null;
  private readonly typing = new Debouncer(() => this.check(), TYPING);
  private readonly streaming = new Throttler(() => this.check(), STREAMING);
}
