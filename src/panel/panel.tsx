import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Message } from '@lumino/messaging';
import * as React from 'react';

import { handoffIcon } from '../icon';
import { counts } from '../logic/problems';
import { problemsOf } from '../logic/standing';
import { Handoff } from '../models/handoff';
import { NotebookSession } from '../models/session';
import { CheckSection } from './check';
import { Hindrances, NoModel, NoNotebook, OtherLanguage } from './empty';
import { Header } from './header';
import { InputsSection } from './inputs';
import { LiveSection } from './live';
import { LiveRegion } from './live-region';
import { LostFocus } from './lost-focus';
import { PublishSection } from './publish';
import { Section } from './section';
import { spoken } from './spoken';
import { StepsSection } from './steps';

/** What wants the focus may take this many frames to come on screen. */
const FRAMES = 60;

/** The sidebar. */
export class HandoffPanel extends ReactWidget {
  constructor(
    private readonly handoff: Handoff,
    private readonly commands: CommandRegistry
  ) {
    super();
    const { words } = handoff.around;
    this.id = 'handoff-panel';
    this.addClass('jp-Handoff');
    this.title.icon = handoffIcon;
    this.title.caption = words.app;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', words.app);
    handoff.stateChanged.connect(this.giveFocus, this);
    const lost = new LostFocus(this.node, () => {
      this.node.querySelector<HTMLElement>('[data-focus="main"]')?.focus();
    });
    this.disposed.connect(() => lost.dispose());
  }

  protected render(): JSX.Element {
    return (
      <UseSignal signal={this.handoff.stateChanged}>
        {() => <Panel handoff={this.handoff} commands={this.commands} />}
      </UseSignal>
    );
  }

  protected onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    const view = this.handoff.current?.view;
    if (!view) {
      this.node.querySelector<HTMLElement>('[data-focus="main"]')?.focus();
    } else if (view.wanted === null && !this.node.contains(document.activeElement)) {
      view.focus('main');
    }
  }

  /** Put the focus where the view wants it, once that is on screen. */
  private giveFocus(): void {
    if (this.seeking || !this.handoff.current?.view.wanted || !this.isVisible) {
      return;
    }
    this.seeking = true;
    this.seek(FRAMES);
  }

  private seek(frames: number): void {
    window.requestAnimationFrame(() => {
      const view = this.handoff.current?.view;
      const wanted = view?.wanted;
      const target = wanted
        ? this.node.querySelector<HTMLElement>(`[data-focus="${CSS.escape(wanted)}"]`)
        : null;
      if (target) {
        view!.focused();
        target.focus();
        target.scrollIntoView({ block: 'nearest' });
      } else if (wanted && frames > 0 && !this.isDisposed) {
        this.seek(frames - 1);
        return;
      }
      this.seeking = false;
    });
  }

  private seeking = false;
}

function Panel(props: { handoff: Handoff; commands: CommandRegistry }): JSX.Element {
  const { handoff, commands } = props;
  const { words } = handoff.around;
  const session = handoff.current;
  if (!session) {
    return handoff.loading ? (
      <p className="jp-Handoff-empty">{words.empty.loading}</p>
    ) : (
      <NoNotebook words={words} commands={commands} />
    );
  }
  if (!session.isPython) {
    return <OtherLanguage session={session} />;
  }
  return (
    <>
      <LiveRegion message={spoken(session)} />
      <Hindrances session={session} commands={commands} />
      {session.handsOver || !session.checker.known ? (
        <Whole session={session} commands={commands} />
      ) : (
        <Exploration session={session} commands={commands} />
      )}
    </>
  );
}

function Whole(props: { session: NotebookSession; commands: CommandRegistry }): JSX.Element {
  const { session, commands } = props;
  const { steps, plan, live, around } = session;
  const { words } = around;
  const { must, should } = counts(problemsOf(session));
  return (
    <>
      <Header session={session} commands={commands} />
      <Section session={session} name="check" status={must + should ? String(must + should) : ''}>
        <CheckSection session={session} commands={commands} />
      </Section>
      <Section
        session={session}
        name="steps"
        status={words.steps.status(steps.rows.length, steps.suggested)}
      >
        <StepsSection session={session} commands={commands} />
      </Section>
      <Section
        session={session}
        name="inputs"
        status={words.inputs.status(session.inputs.toDecide)}
      >
        <InputsSection session={session} />
      </Section>
      <Section
        session={session}
        name="publish"
        status={plan.plan ? words.publish.status(6 - plan.open.length) : ''}
      >
        <PublishSection session={session} commands={commands} />
      </Section>
      <Section
        session={session}
        name="live"
        status={live.alerts ? words.live.alerts(live.alerts) : ''}
      >
        <LiveSection session={session} commands={commands} />
      </Section>
    </>
  );
}

function Exploration(props: { session: NotebookSession; commands: CommandRegistry }): JSX.Element {
  const { session, commands } = props;
  const found = problemsOf(session).length > 0 || session.edits.fixed.length > 0;
  return (
    <>
      <NoModel session={session} />
      {found ? (
        <div className="jp-Handoff-body">
          <CheckSection session={session} commands={commands} />
        </div>
      ) : null}
    </>
  );
}
