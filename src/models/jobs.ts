import { VDomModel } from '@jupyterlab/ui-components';
import { Event } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';
import { Poll } from '@lumino/polling';

import { Job, JobRequest, Progress } from '../contracts';
import { HandoffApi } from '../server/api';

/** Schema of the server's events about jobs. */
export const JOB_EVENT = 'https://handoff-ext.org/events/job';

/** Ask for jobs that run, in case their events don't come through, this often (milliseconds). */
const POLL = 2000;

/** Jobs of the server, in all notebooks: they outlive this page. */
export class Jobs extends VDomModel {
  constructor(
    private readonly api: HandoffApi,
    private readonly events: Event.IManager | null
  ) {
    super();
    events?.stream.connect(this.onEvent, this);
    this.poll = new Poll({
      name: 'handoff-ext:jobs',
      factory: () => this.refresh(),
      frequency: { interval: POLL, backoff: true, max: 60_000 },
      standby: () =>
        this.all.some(isActive) && Date.now() - this.heard > POLL ? 'when-hidden' : true
    });
  }

  /** Emitted once for each job that ends, with how it ended. */
  get ended(): ISignal<this, Job> {
    return this._ended;
  }

  /** Newest first. */
  get all(): Job[] {
    return this._all;
  }

  /** The job that runs for a notebook, or the one being cancelled. */
  running(path: string): Job | undefined {
    return this._all.find(job => job.path === path && isActive(job) && job.state !== 'queued');
  }

  /** The job that waits for the one that runs. */
  queued(path: string): Job | undefined {
    return this._all.find(job => job.path === path && job.state === 'queued');
  }

  /** The last job of a notebook that came to its end, unless its message was closed. */
  last(path: string): Job | undefined {
    return this._all.find(job => job.path === path && !isActive(job) && !this.closed.has(job.id));
  }

  /** How a step of a notebook's pipeline came out when it ran last: anew, or found unchanged. */
  outcomeOf(path: string, stage: string): Progress['status'] | undefined {
    const told = (job: Job) =>
      job.progress.find(one => one.step === 'run' && one.part === stage)?.status;
    return this._all
      .filter(job => job.path === path)
      .map(told)
      .find(Boolean);
  }

  /** Seconds that a job takes so far: told by the server, and counted on from there. */
  seconds(job: Job): number {
    const since = this.received.get(job.id);
    return isActive(job) && since ? job.seconds + (Date.now() - since) / 1000 : job.seconds;
  }

  /** When the last news of a job came. */
  receivedAt(job: Job): number {
    return this.received.get(job.id) ?? Date.now();
  }

  async start(request: JobRequest): Promise<Job> {
    const job = await this.api.startJob(request);
    this.receive(job);
    return job;
  }

  async cancel(id: string): Promise<void> {
    this.receive(await this.api.cancelJob(id));
  }

  /** Close the message of an ended job. */
  close(id: string): void {
    this.closed.add(id);
    this.stateChanged.emit();
  }

  /** All jobs, as the server knows them: after a reload, or where events are lost. */
  async refresh(): Promise<void> {
    const { jobs } = await this.api.jobs();
    jobs.reverse().forEach(job => this.receive(job));
  }

  dispose(): void {
    this.events?.stream.disconnect(this.onEvent, this);
    this.poll.dispose();
    super.dispose();
  }

  private onEvent(_: unknown, emission: Event.Emission): void {
    if (emission.schema_id === JOB_EVENT) {
      const { schema_id, ...job } = emission;
      this.heard = Date.now();
      this.receive(job as unknown as Job);
    }
  }

  private receive(job: Job): void {
    const known = this._all.findIndex(one => one.id === job.id);
    const before = this._all[known];
    if (before && !isActive(before) && isActive(job)) {
      return;
    }
    if (before) {
      this._all[known] = job;
    } else {
      this._all.unshift(job);
    }
    this.received.set(job.id, Date.now());
    this.stateChanged.emit();
    if (before && isActive(before) && !isActive(job)) {
      this._ended.emit(job);
    }
  }

  private readonly _ended = new Signal<this, Job>(this);
  private readonly _all: Job[] = [];
  private readonly received = new Map<string, number>();
  private readonly closed = new Set<string>();
  private readonly poll: Poll;
  private heard = 0;
}

/** Whether a job still goes on. */
export function isActive(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running' || job.state === 'cancelling';
}
