import { Debouncer } from '@lumino/polling';

import { OpenNotebook } from '../contracts';
import { NotebookFeed, Reason } from '../notebook/feed';
import { AskingModel } from './asking';

/** A model that asks about one open notebook, and anew when its text has rested for a while. */
export abstract class FollowingModel<Answer extends { missing: string[] }> extends AskingModel {
  constructor(
    private readonly feed: NotebookFeed,
    rest: number
  ) {
    super();
    this.typing = new Debouncer(() => this.ask(), rest);
    feed.changed.connect(this.onChange, this);
  }

  /** Ask now. Answers that come after a newer question are dropped. */
  async ask(): Promise<void> {
    const answer = await this.newest(this.feed.ask(notebook => this.question(notebook)));
    if (answer) {
      this.take(answer);
      this.stateChanged.emit();
    }
  }

  dispose(): void {
    this.typing.dispose();
    super.dispose();
  }

  protected abstract question(notebook: OpenNotebook): Promise<Answer>;

  protected take(answer: Answer): void {
    this.answer = answer;
  }

  protected answer: Answer | null = null;

  private onChange(_: NotebookFeed, reason: Reason): void {
    if (reason === 'text') {
      void this.typing.invoke().catch(() => undefined);
    }
  }

  private readonly typing: Debouncer;
}
