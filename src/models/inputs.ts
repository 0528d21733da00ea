import { Features, InputsAnswer, OpenNotebook, RawColumn } from '../contracts';
import { NotebookFeed } from '../notebook/feed';
import { HandoffApi } from '../server/api';
import { FollowingModel } from './following';

/** Inputs follow the text more slowly than steps: they are looked at last. */
const TYPING = 1200;

/** Where the inputs of one open notebook's model come from, and what is doubtful about them. */
export class Inputs extends FollowingModel<InputsAnswer> {
  constructor(
    feed: NotebookFeed,
    private readonly api: HandoffApi,
    private readonly model: () => string | null
  ) {
    super(feed, TYPING);
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

  protected question(notebook: OpenNotebook): Promise<InputsAnswer> {
    return this.api.inputs({ notebook, model: this.model() });
  }
}
