import { Overview } from '../contracts';
import { HandoffApi } from '../server/api';
import { AskingModel } from './asking';

/** What is known of a notebook beside its problems: its last run, its published version. */
export class OverviewModel extends AskingModel {
  constructor(
    private readonly api: HandoffApi,
    private readonly where: () => { path: string; kernel: string }
  ) {
    super();
  }

  /** Null before the first answer. */
  get value(): Overview | null {
    return this._value;
  }

  /** Whether the steps, as they are, ran and gave what the notebook gives. */
  get tested(): boolean {
    return (this._value?.current && this._value.proof?.equal) ?? false;
  }

  /** Name of the model: chosen here, else suggested. */
  get modelName(): string {
    return this._name ?? this._value?.model_name ?? '';
  }

  set modelName(name: string) {
    this._name = name;
    this.stateChanged.emit();
  }

  /** Where it is published; empty for a file beside the notebook. */
  get store(): string {
    return this._store ?? this._value?.tracking_uri ?? '';
  }

  set store(uri: string) {
    this._store = uri;
    this.stateChanged.emit();
  }

  async load(): Promise<void> {
    const { path, kernel } = this.where();
    const value = await this.asking(this.api.overview(path, kernel));
    if (value && !this.isDisposed) {
      this._value = value;
      this.stateChanged.emit();
    }
  }

  private _value: Overview | null = null;
  private _name: string | null = null;
  private _store: string | null = null;
}
