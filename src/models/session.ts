import { PathExt } from '@jupyterlab/coreutils';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { VDomModel } from '@jupyterlab/ui-components';

import { Job } from '../contracts';
import { sectionOfJob } from '../logic/jobs';
import { beginning } from '../logic/standing';
import { Edits } from '../notebook/edits';
import { Frame, NotebookFeed } from '../notebook/feed';
import { TextFiles } from '../notebook/textfiles';
import { HandoffApi } from '../server/api';
import { Words } from '../words';
import { Checker } from './checker';
import { Facts } from './facts';
import { Inputs } from './inputs';
import { Jobs } from './jobs';
import { LiveModels } from './live';
import { OverviewModel } from './overview';
import { PlanForm } from './plan';
import { Settings } from './settings';
import { Steps } from './steps';
import { View } from './view';

/** What a session needs of JupyterLab and of the server. */
export interface Surroundings {
  api: HandoffApi;
  jobs: Jobs;
  files: TextFiles;
  settings: Settings;
  words: Words;
  /** Address of the server, for links that people share. */
  baseUrl: string;
}

/** One open notebook: its problems, steps, plan, jobs, and our edits of it. */
export class NotebookSession extends VDomModel {
  constructor(
    readonly panel: NotebookPanel,
    readonly around: Surroundings
  ) {
    super();
    const { api, jobs, files, settings } = around;
    this.context = panel.context;
    this.feed = new NotebookFeed(this.model, () => this.frame);
    this.checker = new Checker(this.feed, api);
    this.steps = new Steps(this.feed, api);
    this.inputs = new Inputs(this.feed, api, () => this.steps.model);
    this.facts = new Facts(this.feed, api, () => ({
      model: this.steps.model,
      kernel_id: this.panel.sessionContext.session?.kernel?.id ?? ''
    }));
    this.plan = new PlanForm(() => this.path, api, files);
    this.overview = new OverviewModel(api, () => ({ path: this.path, kernel: this.kernel }));
    this.live = new LiveModels(api, () => ({
      path: this.path,
      tracking_uri: this.overview.store
    }));
    this.edits = new Edits(this.model, files, () => this.path);
    for (const part of [
      this.checker,
      this.steps,
      this.inputs,
      this.facts,
      this.plan,
      this.overview,
      this.live,
      this.view,
      jobs,
      settings
    ]) {
      part.stateChanged.connect(this.onPart, this);
    }
    this.edits.changed.connect(this.onPart, this);
    jobs.ended.connect(this.onJobEnded, this);
    this.context.saveState.connect(this.onSaveState, this);
    this.context.pathChanged.connect(this.load, this);
    panel.sessionContext.kernelChanged.connect(this.onKernel, this);
    panel.disposed.connect(this.dispose, this);
    this.load();
  }

  readonly feed: NotebookFeed;
  readonly checker: Checker;
  readonly steps: Steps;
  readonly inputs: Inputs;
  readonly facts: Facts;
  readonly plan: PlanForm;
  readonly overview: OverviewModel;
  readonly live: LiveModels;
  readonly edits: Edits;
  readonly view = new View();

  /** The notebook's model. */
  get model(): INotebookModel {
    return this.context.model;
  }

  /** Below the server's root. */
  get path(): string {
    return this.context.localPath;
  }

  /** The notebook's name, without its extension. */
  get name(): string {
    return PathExt.basename(this.path, '.ipynb');
  }

  /** Name of the kernel that the notebook asks for. */
  get kernel(): string {
    const spec = this.model.getMetadata('kernelspec') as { name?: string } | undefined;
    return this.panel.sessionContext.session?.kernel?.name ?? spec?.name ?? '';
  }

  /** Programming language; Python where the notebook doesn't say. */
  get language(): string {
    const info = this.model.getMetadata('language_info') as { name?: string } | undefined;
    const spec = this.model.getMetadata('kernelspec') as { language?: string } | undefined;
    return info?.name || spec?.language || 'python';
  }

  get isPython(): boolean {
    return /^(i?python\d?)$/i.test(this.language) && this.checker.supported;
  }

  /** Whether there is something to hand over: found by the check, or said by the user. */
  get handsOver(): boolean {
    const own = this.model.getMetadata('handoff') as { hands_over?: boolean } | undefined;
    return this.checker.trainsModel || own?.hands_over === true;
  }

  /** The user says that this notebook has something to hand over. */
  itDoes(): void {
    const own = (this.model.getMetadata('handoff') ?? {}) as object;
    this.model.setMetadata('handoff', { ...own, hands_over: true });
    this.stateChanged.emit();
  }

  get job(): Job | undefined {
    return this.around.jobs.running(this.path);
  }

  get queuedJob(): Job | undefined {
    return this.around.jobs.queued(this.path);
  }

  get lastJob(): Job | undefined {
    return this.around.jobs.last(this.path);
  }

  /** Position of a cell, counted from 1 as people do; 0 where there is none. */
  numberOf(cellId: string): number {
    return this.model.sharedModel.cells.findIndex(cell => cell.getId() === cellId) + 1;
  }

  /** Ask everything anew. */
  load(): void {
    if (!this.isPython) {
      return;
    }
    void this.checker.check();
    void this.steps.ask();
    void this.inputs.ask();
    void this.plan.load();
    void this.overview.load();
    this.around.jobs.refresh().catch(() => undefined); // the other questions say what is wrong
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    const { jobs, settings } = this.around;
    jobs.stateChanged.disconnect(this.onPart, this);
    settings.stateChanged.disconnect(this.onPart, this);
    jobs.ended.disconnect(this.onJobEnded, this);
    [
      this.edits,
      this.feed,
      this.checker,
      this.steps,
      this.inputs,
      this.facts,
      this.plan,
      this.overview,
      this.live,
      this.view
    ].forEach(one => one.dispose());
    super.dispose();
  }

  private get frame(): Frame {
    const metadata: Record<string, unknown> = {};
    for (const key of ['kernelspec', 'language_info', 'handoff']) {
      const value: unknown = this.model.getMetadata(key);
      if (value !== undefined) {
        metadata[key] = value;
      }
    }
    return { path: this.path, language: this.language, kernel: this.kernel, metadata };
  }

  private onPart(): void {
    this.stateChanged.emit();
    if (this.checker.known && this.plan.plan && this.overview.value) {
      this.view.begin(beginning(this));
    }
  }

  private onKernel(): void {
    void this.overview.load();
  }

  private onSaveState(_: unknown, state: DocumentRegistry.SaveState): void {
    if (state === 'completed') {
      void this.overview.load();
    }
  }

  private onJobEnded(_: Jobs, job: Job): void {
    if (job.path === this.path) {
      if (job.state === 'failed') {
        this.view.also(sectionOfJob(job));
      }
      void this.overview.load();
      void this.inputs.ask();
      void this.plan.load();
    }
  }

  private readonly context: DocumentRegistry.IContext<INotebookModel>;
}
