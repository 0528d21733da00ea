import { Debouncer } from '@lumino/polling';

import { MissingField, Plan, PlanAnswer, Reviewed } from '../contracts';
import { answered, blocking, openQuestions, prefilled, Question } from '../logic/fields';
import { TextFiles } from '../notebook/textfiles';
import { HandoffApi } from '../server/api';
import { AskingModel } from './asking';

/** From the last keystroke in a form to the file. */
const TYPING = 700;

/** The plan beside one notebook, as the form shows it: with suggested answers where nobody gave any. */
export class PlanForm extends AskingModel {
  constructor(
    private readonly path: () => string,
    private readonly api: HandoffApi,
    private readonly files: TextFiles
  ) {
    super();
  }

  /** Null until it was read. */
  get plan(): Plan | null {
    return this._plan;
  }

  get schema(): PlanAnswer['schema'] {
    return this.answer?.schema ?? {};
  }

  /** Where the file lies, or would. */
  get file(): string {
    return this.answer?.path ?? '';
  }

  /** One sentence where the file cannot be read as a plan. */
  get problem(): string {
    return this.answer?.problem ?? '';
  }

  /** The five questions of a review, as the plan answered them when it was read or saved last. */
  get review(): Reviewed[] {
    return this._review;
  }

  get saving(): boolean {
    return this._saving;
  }

  get open(): Question[] {
    return this._plan ? openQuestions(this._plan, this.missing) : [];
  }

  /** Whether publishing waits for this field. */
  waitsFor(field: string): boolean {
    return (
      this._plan !== null && blocking(this._plan, this.missing).some(one => one.field === field)
    );
  }

  /** Whether publishing would wait for this field, were it empty. */
  isRequired(field: string): boolean {
    return this.missing.some(one => one.blocks && one.field === field) || this.waited.has(field);
  }

  /** Where a suggested answer is from, until it is edited; empty for a person's own. */
  sourceOf(field: string): string {
    if (!this._plan?.prefilled.includes(field)) {
      return '';
    }
    return this.answer?.prefill.find(one => one.field === field)?.source ?? '';
  }

  async load(): Promise<void> {
    const answer = await this.asking(this.api.plan(this.path()));
    if (answer && !this.isDisposed) {
      this.answer = answer;
      this.missing = answer.missing;
      this._review = answer.review;
      answer.missing.filter(one => one.blocks).forEach(one => this.waited.add(one.field));
      if (!this.touched) {
        this._plan = prefilled(answer.plan, answer.prefill);
      }
      this.stateChanged.emit();
    }
  }

  /** A person's answer: shown at once, saved soon. */
  set(field: string, value: unknown): void {
    if (this._plan) {
      this._plan = answered(this._plan, field, value);
      this.touched = true;
      this.stateChanged.emit();
      void this.typing.invoke().catch(() => undefined);
    }
  }

  /** Write the file, through JupyterLab. */
  async save(): Promise<boolean> {
    const plan = this._plan;
    if (!plan || this.problem) {
      return false;
    }
    this._saving = true;
    this.stateChanged.emit();
    const done = await this.asking(this.write(plan));
    this._saving = false;
    if (done && plan === this._plan) {
      this.touched = false;
    }
    this.stateChanged.emit();
    return done !== null;
  }

  /** What was saved meanwhile, for instance by a button, is not saved again. */
  private async saveTyped(): Promise<void> {
    if (this.touched) {
      await this.save();
    }
  }

  dispose(): void {
    this.typing.dispose();
    super.dispose();
  }

  private async write(plan: Plan): Promise<boolean> {
    const text = this.files.open(this.file);
    const answer = await this.api.writePlan({ path: this.path(), plan, text });
    await this.files.write(answer.path, answer.text);
    this.missing = answer.missing;
    this._review = answer.review;
    return true;
  }

  private answer: PlanAnswer | null = null;
  private _plan: Plan | null = null;
  private missing: MissingField[] = [];
  private _review: Reviewed[] = [];
  private readonly waited = new Set<string>();
  private touched = false;
  private _saving = false;
  private readonly typing = new Debouncer(() => this.saveTyped(), TYPING);
}
