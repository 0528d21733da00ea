import { linter, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, Extension, StateEffect } from '@codemirror/state';
import { EditorView, PluginValue, showPanel, ViewPlugin } from '@codemirror/view';
import { ICellModel } from '@jupyterlab/cells';
import { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../commands';
import { CellStep, Finding } from '../contracts';
import { problemsOf } from '../logic/standing';
import { Handoff } from '../models/handoff';
import { NotebookSession } from '../models/session';
import { diagnostics, marked } from './diagnostics';
import { strip } from './strip';

/** Marks and the step's strip in the editor of one cell, kept true for as long as the editor is on screen. */
export function cellMarks(
  handoff: Handoff,
  commands: CommandRegistry,
  cell: ICellModel
): Extension {
  const gutter = new Compartment();
  const panel = new Compartment();
  const follow = ViewPlugin.define(
    view => new CellMarks(view, handoff, commands, cell, gutter, panel)
  );
  return [
    linter(null),
    gutter.of([]),
    panel.of([]),
    EditorView.theme({ '.cm-panels.cm-panels-top': { zIndex: '0' } }),
    follow
  ];
}

class CellMarks implements PluginValue {
  constructor(
    private readonly view: EditorView,
    private readonly handoff: Handoff,
    private readonly commands: CommandRegistry,
    private readonly cell: ICellModel,
    private readonly gutter: Compartment,
    private readonly panel: Compartment
  ) {
    handoff.opened.connect(this.find, this);
    this.find();
  }

  destroy(): void {
    this.gone = true;
    this.handoff.opened.disconnect(this.find, this);
    this.session?.stateChanged.disconnect(this.later, this);
  }

  private find(): void {
    const session = this.handoff.of(this.cell.sharedModel.notebook);
    if (session && session !== this.session) {
      this.session = session;
      session.stateChanged.connect(this.later, this);
      this.later();
    }
  }

  /** Changes may be told in the midst of an editor's update, when it takes no other. */
  private later(): void {
    if (!this.waiting) {
      this.waiting = true;
      queueMicrotask(() => {
        this.waiting = false;
        if (!this.gone && this.session && !this.session.isDisposed) {
          this.refresh(this.session);
        }
      });
    }
  }

  private refresh(session: NotebookSession): void {
    const on = session.around.settings.marks;
    const all = on ? problemsOf(session) : [];
    const findings = marked(all, this.cell.id);
    const step = on && session.handsOver ? session.steps.of(this.cell.id) : undefined;
    const anywhere = all.some(finding => marked([finding], finding.cell_id).length > 0);
    const number = session.steps.rows.findIndex(row => row.stage === step?.stage) + 1;
    const effects: StateEffect<unknown>[] = [];
    if (anywhere !== this.hasGutter) {
      this.hasGutter = anywhere;
      effects.push(this.gutter.reconfigure(anywhere ? lintGutter() : []));
    }
    if (!sameStep(step, this.step) || number !== this.number) {
      this.step = step;
      this.number = number;
      const shown = step && (step.stage || step.role === 'parameters') ? step : null;
      effects.push(
        this.panel.reconfigure(
          shown ? showPanel.of(() => strip(session, this.commands, shown, number)) : []
        )
      );
    }
    if (effects.length) {
      this.view.dispatch({ effects });
    }
    const unparsable = session.checker.unparsable.some(one => one.cell_id === this.cell.id);
    const signature = findings.map(one => `${one.key}:${one.line}:${one.column}`).join('\n');
    if (signature !== this.signature && (!unparsable || !on)) {
      this.signature = signature;
      this.mark(session, findings);
    }
  }

  private mark(session: NotebookSession, findings: Finding[]): void {
    const { check } = session.around.words;
    const { state } = this.view;
    const run = (command: string, finding: Finding) =>
      void this.commands.execute(command, { keys: [finding.key], scope: 'here' });
    const marks = diagnostics(state.doc, findings, finding => ({
      renderMessage: () => explained(finding),
      actions: [
        ...(finding.fixable
          ? [{ name: check.fix, apply: () => run(CommandIDs.fix, finding) }]
          : []),
        { name: check.ignore, apply: () => run(CommandIDs.ignore, finding) }
      ]
    }));
    this.view.dispatch(setDiagnostics(state, marks));
  }

  private session: NotebookSession | null = null;
  private waiting = false;
  private gone = false;
  private hasGutter = false;
  private step: CellStep | undefined;
  private number = 0;
  private signature = '';
}

function explained({ message, why }: Finding): HTMLElement {
  const node = document.createElement('div');
  const what = document.createElement('div');
  what.textContent = message;
  const reason = document.createElement('div');
  reason.className = 'jp-Handoff-hint';
  reason.textContent = why;
  node.append(what, reason);
  return node;
}

function sameStep(a: CellStep | undefined, b: CellStep | undefined): boolean {
  return a?.stage === b?.stage && a?.suggested === b?.suggested && a?.role === b?.role;
}
