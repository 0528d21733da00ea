import { FactsAnswer, StepWarning } from '../contracts';
import { NotebookFeed, Reason } from '../notebook/feed';
import { HandoffApi } from '../server/api';
import { AskingModel } from './asking';

/** What the running kernel says of the variables that steps hand on: asked for by hand, forgotten at the next edit. */
export class Facts extends AskingModel {
  constructor(
    private readonly feed: NotebookFeed,
    private readonly api: HandoffApi,
    private readonly about: () => { model: string | null; kernel_id: string }
  ) {
    super();
    feed.changed.connect(this.onChange, this);
  }

  /** Null before the first answer, and once the notebook was edited after it. */
  get answer(): FactsAnswer | null {
    return this._answer;
  }

  of(stage: string): StepWarning[] {
    return this._answer?.warnings.filter(warning => warning.stage === stage) ?? [];
  }

  async ask(): Promise<void> {
    this._answer = null;
    this._answer = await this.newest(
      this.feed.ask(notebook => this.api.facts({ notebook, ...this.about() }))
    );
    if (!this.isDisposed) {
      this.stateChanged.emit();
    }
  }

  private onChange(_: NotebookFeed, reason: Reason): void {
    if (reason === 'text' && this._answer) {
      this._answer = null;
      this.stateChanged.emit();
    }
  }

  private _answer: FactsAnswer | null = null;
}
