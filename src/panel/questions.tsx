import * as React from 'react';

import { Question } from '../logic/fields';
import { NotebookSession } from '../models/session';
import { ChoiceField, Field } from './field';
import { Shape } from './shape';

/** The six questions that publishing waits for. */
export function Questions({ session }: { session: NotebookSession }): JSX.Element {
  const { questions: words } = session.around.words.publish;
  const { plan } = session.plan;
  const kinds = [
    ['person', words.person],
    ['constant', words.constant],
    ['previous', words.previous],
    ...(plan?.fallback.kind === 'rule' ? ([['rule', words.rule]] as const) : [])
  ] as const;
  return (
    <ol className="jp-Handoff-questions" aria-label={session.around.words.publish.form}>
      <Asked session={session} question="owner" text={words.owner}>
        <Field
          session={session}
          field="owner.name"
          label={words.name}
          hint={words.ownerHint}
          focus="question:owner"
        />
        <Field
          session={session}
          field="owner.contact"
          label={words.contact}
          hint={words.contactHint}
        />
      </Asked>
      <Asked session={session} question="decision" text={words.decision}>
        <Field
          session={session}
          field="intent.decision"
          label={words.decisionLabel}
          placeholder={words.decisionHint}
          focus="question:decision"
        />
        <Field
          session={session}
          field="intent.good_outcome"
          label={words.outcome}
          placeholder={words.outcomeHint}
        />
        <Field session={session} field="intent.problem" label={words.problem} />
      </Asked>
      <Asked session={session} question="limits" text={words.limits}>
        <Field
          session={session}
          field="limitations"
          kind="lines"
          label={words.limitsLabel}
          hint={session.around.words.publish.oneEach}
          placeholder={words.limitsHint}
          focus="question:limits"
        />
      </Asked>
      <Asked session={session} question="threshold" text={words.threshold}>
        <Field
          session={session}
          field="thresholds.decision"
          kind="number"
          inline
          label={words.act}
          focus="question:threshold"
        />
        <Field
          session={session}
          field="thresholds.normal_low"
          kind="number"
          inline
          label={words.normalLow}
        />
        <Field
          session={session}
          field="thresholds.normal_high"
          kind="number"
          inline
          label={words.normalHigh}
        />
        <Field session={session} field="thresholds.why" label={words.whyScore} />
      </Asked>
      <Asked session={session} question="fallback" text={words.fallback}>
        <fieldset className="jp-Handoff-choices">
          <legend className="jp-Handoff-spoken">{words.fallback}</legend>
          {kinds.map(([kind, label], index) => (
            <label key={kind}>
              <input
                type="radio"
                name="jp-Handoff-fallback"
                checked={plan?.fallback.kind === kind}
                data-focus={index === 0 ? 'question:fallback' : undefined}
                onChange={() => session.plan.set('fallback.kind', kind)}
              />
              {label}
            </label>
          ))}
        </fieldset>
        {plan?.fallback.kind === 'constant' ? (
          <Field session={session} field="fallback.value" label={words.fixed} />
        ) : null}
      </Asked>
      <Asked session={session} question="notice" text={words.notice}>
        <ChoiceField
          session={session}
          field="monitoring.check_every"
          inline
          label={words.check}
          none={words.choose}
          choices={Object.entries(words.every)}
          focus="question:notice"
        />
        <Field
          session={session}
          field="monitoring.truth_after_days"
          kind="number"
          inline
          label={words.truth}
        />
        <Field
          session={session}
          field="monitoring.tell"
          inline
          label={words.tell}
          placeholder={words.tellHint}
        />
      </Asked>
    </ol>
  );
}

function Asked(props: {
  session: NotebookSession;
  question: Question;
  text: string;
  children: React.ReactNode;
}) {
  const { session, question, text } = props;
  const { publish: words } = session.around.words;
  const open = session.plan.open.includes(question);
  return (
    <li>
      <p className="jp-Handoff-question">
        <Shape name={open ? 'open' : 'ready'} word={open ? words.required : words.answered} />
        {text}
      </p>
      {props.children}
    </li>
  );
}
