import { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../commands';
import { handoffIcon } from '../icon';
import { Handoff } from '../models/handoff';
import { NotebookSession } from '../models/session';
import { Step, stepOf, usualStages } from '../notebook/steptags';
import { tagsOf } from '../notebook/celltext';
import { openStepMenu } from '../marks/step-menu';
import { fix } from './fixing';
import { compare, mergeEdits } from './comparing';
import { build, cancel, publish, testRun } from './running';
import { keepSuggestions, selectedCells, setStep } from './stepping';
import { findExample } from './example';
import { showPreview } from './preview';

const noArguments = { args: { type: 'object', properties: {} } };

/** Commands about the notebook in front as a whole. */
export function addNotebookCommands(app: JupyterFrontEnd, handoff: Handoff): void {
  const { commands } = app;
  const { words, settings, files } = handoff.around;
  const labels = words.commands;

  /** A command that needs a Python notebook in front. */
  const add = (
    id: string,
    label: string,
    execute: (session: NotebookSession) => unknown,
    isEnabled: (session: NotebookSession) => boolean = () => true
  ) =>
    commands.addCommand(id, {
      label,
      describedBy: noArguments,
      isEnabled: () =>
        handoff.current !== null && handoff.current.isPython && isEnabled(handoff.current),
      execute: () => handoff.current && execute(handoff.current)
    });

  commands.addCommand(CommandIDs.showPanel, {
    label: labels.showPanel,
    icon: handoffIcon,
    describedBy: noArguments,
    execute: () => {
      app.shell.activateById('handoff-panel');
      handoff.current?.view.focus('main');
    }
  });
  const showIn = (session: NotebookSession, section: 'check' | 'steps' | 'publish' | 'live') => {
    app.shell.activateById('handoff-panel');
    session.view.reveal(section);
    session.view.focus(`section:${section}`);
  };
  add(CommandIDs.check, labels.check, session => {
    showIn(session, 'check');
    return session.checker.check();
  });
  add(CommandIDs.fixSafe, labels.fixSafe, session => fix(session, null));
  add(CommandIDs.preview, labels.preview, session => showPreview(app, session));
  add(CommandIDs.suggest, labels.suggest, session => {
    showIn(session, 'steps');
    return session.view.during('fixing', async () => void (await keepSuggestions(session)));
  });
  add(CommandIDs.testRun, labels.testRun, session => {
    app.shell.activateById('handoff-panel');
    return testRun(session);
  });
  const idle = (session: NotebookSession) => !session.job && !session.view.busy;
  add(CommandIDs.build, words.steps.buildOnly, build, idle);
  add(CommandIDs.runAgain, words.steps.allAgain, session => testRun(session, true), idle);
  add(
    CommandIDs.openRun,
    words.steps.openRun,
    session => commands.execute('docmanager:open', { path: lastRunOf(session) }),
    session => lastRunOf(session) !== ''
  );
  add(
    CommandIDs.mergeEdits,
    words.steps.mergeEdits,
    session => mergeEdits(app, session),
    session => (session.overview.value?.edited.length ?? 0) > 0
  );
  add(
    CommandIDs.compare,
    labels.compare,
    session => compare(app, session),
    session => Boolean(session.overview.value?.published)
  );
  add(CommandIDs.cancelJob, labels.cancelJob, cancel, session => session.job !== undefined);
  add(
    CommandIDs.publish,
    labels.publish,
    session => {
      app.shell.activateById('handoff-panel');
      return publish(session);
    },
    session => session.plan.plan !== null && session.plan.open.length === 0
  );
  add(CommandIDs.showLive, labels.showLive, session => showIn(session, 'live'));

  commands.addCommand(CommandIDs.toggleMarks, {
    label: labels.toggleMarks,
    describedBy: noArguments,
    isToggled: () => settings.marks,
    execute: () => settings.toggleMarks()
  });
  settings.stateChanged.connect(() => commands.notifyCommandChanged(CommandIDs.toggleMarks));

  commands.addCommand(CommandIDs.setStep, stepCommand(app, handoff));

  let example = '';
  commands.addCommand(CommandIDs.openExample, {
    label: words.empty.openExample,
    describedBy: noArguments,
    isVisible: () => example !== '',
    execute: () => commands.execute('docmanager:open', { path: example })
  });
  void findExample(files.contents).then(path => {
    example = path;
    handoff.stateChanged.emit();
  });
}

/** The executed notebook of the step that failed, else of the last one; empty where nothing ran. */
function lastRunOf({ overview }: NotebookSession): string {
  const { pipeline = '', stages = [] } = overview.value ?? {};
  const run = stages.find(stage => stage.status === 'failed') ?? stages.at(-1);
  return pipeline && run?.notebook ? PathExt.join(pipeline, run.notebook) : '';
}

/** "Set Step": opens the menu of steps; with arguments, sets one. */
function stepCommand(app: JupyterFrontEnd, handoff: Handoff): CommandRegistry.ICommandOptions {
  const { words } = handoff.around;
  const stageOf = (step: string) => step.replace(/^stage:/, '');
  const label = (step: string): string => {
    const menu = words.steps.menu as Record<string, string | undefined>;
    return menu[stageOf(step)] ?? stageOf(step);
  };
  return {
    describedBy: {
      args: {
        type: 'object',
        properties: {
          step: {
            type: 'string',
            description: `settings, ${usualStages.map(stage => `stage:${stage}`).join(', ')}, new, skip or clear`
          },
          cells: {
            type: 'array',
            items: { type: 'string' },
            description: 'Ids of cells; the selected ones if left out'
          }
        }
      }
    },
    label: args => (typeof args.step === 'string' ? label(args.step) : words.commands.setStep),
    isEnabled: () => handoff.current?.isPython ?? false,
    isToggled: args => {
      const session = handoff.current;
      const ids = args.cells as string[] | undefined;
      if (!session || typeof args.step !== 'string' || !ids) {
        return false;
      }
      const cells = [...session.model.cells].filter(cell => ids.includes(cell.id));
      return cells.length > 0 && cells.every(cell => nameOf(stepOf(tagsOf(cell))) === args.step);
    },
    execute: args => {
      const session = handoff.current;
      if (!session) {
        return;
      }
      const cells = (args.cells as string[] | undefined) ?? selectedCells(session);
      if (typeof args.step !== 'string') {
        const active = session.panel.content.activeCell;
        return active && openStepMenu(app.commands, session, active.node, active.model.id);
      }
      if (args.step === 'new') {
        app.shell.activateById('handoff-panel');
        session.view.reveal('steps');
        session.view.naming = cells;
        session.view.focus('new-step');
        return;
      }
      setStep(session, cells, parsed(args.step));
    }
  };
}

function nameOf(step: ReturnType<typeof stepOf>): string {
  return typeof step === 'object' && step ? `stage:${step.stage}` : (step ?? 'clear');
}

function parsed(step: string): Step {
  return step === 'settings' || step === 'skip' || step === 'clear'
    ? step
    : { stage: step.replace(/^stage:/, '') };
}
