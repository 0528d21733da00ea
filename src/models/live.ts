import { Live, LiveAnswer, LiveRequest } from '../contracts';
import { HandoffApi } from '../server/api';
import { RequestError } from '../server/request';
import { AskingModel } from './asking';

export type LiveAction = Omit<LiveRequest, 'path' | 'tracking_uri'>;

/** What is asked of a model, apart from who asks: the rest is empty unless it is named. */
export function action(
  what: LiveRequest['action'],
  name: string,
  more: Partial<LiveAction> = {}
): LiveAction {
  return { action: what, name, by: '', to: null, version: null, alert: null, ...more };
}

/** The models in production in the store of one notebook. Asked for when somebody looks. */
export class LiveModels extends AskingModel {
  constructor(
    private readonly api: HandoffApi,
    private readonly where: () => { path: string; tracking_uri: string }
  ) {
    super();
  }

  /** Null before the first answer. */
  get value(): Live | null {
    return this._value;
  }

  get alerts(): number {
    return (this._value?.models ?? []).reduce((sum, model) => sum + model.alerts.length, 0);
  }

  /** What came of the last action, in one sentence. */
  get said(): string {
    return this._said;
  }

  /** What was refused last, until something else is done. */
  get refused(): RequestError | null {
    return this._refused;
  }

  get acting(): boolean {
    return this._acting;
  }

  async load(): Promise<void> {
    const { path, tracking_uri } = this.where();
    const value = await this.asking(this.api.live(path, tracking_uri));
    if (value && !this.isDisposed) {
      this._value = value;
      this.stateChanged.emit();
    }
  }

  /** Do something with a model. Null where it was refused. */
  async act(wanted: LiveAction): Promise<LiveAnswer | null> {
    if (this._acting) {
      return null;
    }
    this._acting = true;
    this._said = '';
    this._refused = null;
    this.stateChanged.emit();
    try {
      const answer = await this.api.actLive({ ...wanted, ...this.where() });
      this._value = answer.live;
      this._said = answer.said;
      return answer;
    } catch (error) {
      this._refused =
        error instanceof RequestError ? error : new RequestError(String(error), '', 500);
      return null;
    } finally {
      this._acting = false;
      if (!this.isDisposed) {
        this.stateChanged.emit();
      }
    }
  }

  private _value: Live | null = null;
  private _said = '';
  private _refused: RequestError | null = null;
  private _acting = false;
}
