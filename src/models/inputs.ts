import { Debouncer } from '@lumino/polling';

import { Features, InputsAnswer, RawColumn } from '../contracts';
import { NotebookFeed, Reason } from '../notebook/feed';
import { HandoffApi } from '../server/api';
import { AskingModel } from './asking';

/** Inputs follow the text more slowly than steps: they are looked at last. */
const TYPING = 1200;

/** Where the inputs of one open notebook's model come from, and what is doubtful about them. */
export class Inputs extends AskingModel {
  constructor(
    private readonly feed: NotebookFeed,
    private readonly api: HandoffApi,
    private readonly model: () => string | null
  ) {
    super();
    feed.changed.connect(this.onChange, this);
  }

  /** Null before the first answer, and where nothing could be traced. */
  get features(): Features | null {
    return this.answer && !this.answer.problem ? this.answer.features : null;
  }

  /** One sentence where nothing could be traced. */
  get problem(): string {
    return this.answer?.problem ?? '';
  }

  /** Whether the notebook changed since the test run that the comparison is of. */
  get stale(): boolean {
    return this.answer?.stale ?? false;
  }

  /** Raw columns that the plan says are not known when deciding. */
  get unknown(): RawColumn[] {
    return this.features?.columns.filter(column => column.doubt) ?? [];
  }

  /** How many things only a person can decide. */
  get toDecide(): number {
    return this.unknown.length + (this.features?.doubts.length ?? 0);
  }

  /** Rows on which the answers live were the same as in training; 0 where that was not shown. */
  get compared(): number {
    const features = this.features;
    return features?.level === 'raw' && !this.stale ? features.compared_rows : 0;
  }

  /** Ask now. */
  async ask(): Promise<void> {
    const mine = ++this.latest;
    const answer = await this.asking(
      this.feed.ask(notebook => this.api.inputs({ notebook, model: this.model() }))
    );
    if (answer && mine === this.latest && !this.isDisposed) {
      this.answer = answer;
      this.stateChanged.emit();
    }
  }

  dispose(): void {
    this.typing.dispose();
    super.dispose();
  }

  private onChange(_: NotebookFeed, reason: Reason): void {
    if (reason === 'text') {
      void this.typing.invoke().catch(() => undefined);
    }
  }

  private answer: InputsAnswer | null = null;
  private latest = 0;
  private readonly typing = new Debouncer(() => this.ask(), TYPING);
}
