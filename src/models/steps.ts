import { CellStep, NotebookChange, OpenNotebook, StepRow, StepsAnswer } from '../contracts';
import { NotebookFeed } from '../notebook/feed';
import { HandoffApi } from '../server/api';
import { FollowingModel } from './following';

/** Steps follow the text more slowly than problems: nobody waits for them while typing. */
const TYPING = 400;

/** Steps of one open notebook: from its tags, or suggested. */
export class Steps extends FollowingModel<StepsAnswer> {
  constructor(
    feed: NotebookFeed,
    private readonly api: HandoffApi
  ) {
    super(feed, TYPING);
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

  /** Has each step make what cannot be handed over for itself, and the name of that. */
  get again(): { name: string; change: NotebookChange } | null {
    return this.answer?.again_name
      ? { name: this.answer.again_name, change: this.answer.again }
      : null;
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

  protected question(notebook: OpenNotebook): Promise<StepsAnswer> {
    return this.api.steps({ notebook, model: this._model });
  }

  protected take(answer: StepsAnswer): void {
    super.take(answer);
    this.byCell = new Map(answer.cells.map(cell => [cell.cell_id, cell]));
  }

  private byCell = new Map<string, CellStep>();
  private _model: string | null = null;
}
