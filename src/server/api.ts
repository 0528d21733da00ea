import { ServerConnection } from '@jupyterlab/services';

import {
  CheckAnswer,
  Comparison,
  FactsAnswer,
  FactsRequest,
  FixAnswer,
  FixRequest,
  IgnoreRequest,
  InputsAnswer,
  Job,
  JobRequest,
  Jobs,
  Live,
  LiveAnswer,
  LiveRequest,
  OpenNotebook,
  Overview,
  PlanAnswer,
  PlanRequest,
  PlanText,
  StepsAnswer,
  StepsRequest,
  VariablesAnswer,
  VariablesRequest
} from '../contracts';
import { requestAPI } from './request';

/** The routes below `/handoff/`, typed. Each throws `RequestError`. */
export class HandoffApi {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  check = (notebook: OpenNotebook) => this.post<CheckAnswer>('check', notebook);
  fix = (request: FixRequest) => this.post<FixAnswer>('fix', request);
  ignore = (request: IgnoreRequest) => this.post<object>('ignore', request);
  variables = (request: VariablesRequest) => this.post<VariablesAnswer>('variables', request);
  steps = (request: StepsRequest) => this.post<StepsAnswer>('steps', request);
  facts = (request: FactsRequest) => this.post<FactsAnswer>('facts', request);
  inputs = (request: StepsRequest) => this.post<InputsAnswer>('inputs', request);
  plan = (path: string) => this.get<PlanAnswer>('plan', { path });
  writePlan = (request: PlanRequest) => this.post<PlanText>('plan', request);
  overview = (path: string, kernel: string) => this.get<Overview>('overview', { path, kernel });
  live = (path: string, tracking_uri: string) => this.get<Live>('live', { path, tracking_uri });
  actLive = (request: LiveRequest) => this.post<LiveAnswer>('live', request);
  compare = (path: string, other: 'edits' | 'version') =>
    this.get<Comparison>('compare', { path, with: other });
  startJob = (request: JobRequest) => this.post<Job>('jobs', request);
  jobs = () => this.get<Jobs>('jobs', {});
  cancelJob = (id: string) =>
    requestAPI<Job>(this.settings, `jobs/${encodeURIComponent(id)}`, { method: 'DELETE' });

  private get<T>(route: string, query: Record<string, string>): Promise<T> {
    const search = new URLSearchParams(query).toString();
    return requestAPI<T>(this.settings, search ? `${route}?${search}` : route);
  }

  private post<T>(route: string, body: object): Promise<T> {
    return requestAPI<T>(this.settings, route, { method: 'POST', body: JSON.stringify(body) });
  }
}
