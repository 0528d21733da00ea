import { Debouncer } from '@lumino/polling';

import { CellStep, NotebookChange, StepRow, StepsAnswer } from '../contracts';
import { NotebookFeed, Reason } from '../notebook/feed';
import { HandoffApi } from '../server/api';
import { AskingModel } from './asking';

/** Steps follow the text more slowly than problems: nobody waits for them while typing. */
const TYPING = 400;

/** Steps of one open notebook: from its tags, or suggested. */
export class Steps extends AskingModel {
  constructor(
    private readonly feed: NotebookFeed,
    private readonly api: HandoffApi
  ) {
    super();
    feed.changed.connect(this.onChange, this);
  }

  get rows(): StepRow[] {
    return this.answer?.steps ?? [];
  }

  get leftOut(): string[] {
    return this.answer?.left_out ?? [];
  }

  get models() {
    return this.answer?.models ?? [];
  }

  /** One sentence where there are no steps to be had. */
  get problem(): string {
    return this.answer?.problem ?? '';
  }

  /** Keeps the suggestions as tags. */
  get change(): NotebookChange | null {
    return this.answer && Object.keys(this.answer.change.tags).length ? this.answer.change : null;
  }

  /** Whether what is shown is a suggestion that nobody kept yet. */
  get suggested(): boolean {
    return this.answer?.cells.some(cell => cell.suggested && cell.stage) ?? false;
  }

  get known(): boolean {
    return this.answer !== null;
  }

  of(cellId: string): CellStep | undefined {
    return this.byCell.get(cellId);
  }

  /** The chosen model's variable, where there are several. */
  get model(): string | null {
    return this._model ?? this.models.find(choice => choice.chosen)?.variable ?? null;
  }

  async choose(variable: string): Promise<void> {
    this._model = variable;
    const asked = this.ask();
    this.stateChanged.emit();
    await asked;
  }

  /** Ask now. */
  async ask(): Promise<void> {
    const mine = ++this.latest;
    const answer = await this.asking(
      this.feed.ask(notebook => this.api.steps({ notebook, model: this._model }))
    );
    if (answer && mine === this.latest && !this.isDisposed) {
      this.answer = answer;
      this.byCell = new Map(answer.cells.map(cell => [cell.cell_id, cell]));
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

  private answer: StepsAnswer | null = null;
  private byCell = new Map<string, CellStep>();
  private _model: string | null = null;
  private latest = 0;
  private readonly typing = new Debouncer(() => this.ask(), TYPING);
}
