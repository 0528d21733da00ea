import * as React from 'react';

import { NotebookSession } from '../models/session';
import { Note } from './note';
import { Said, told } from './said';
import { Shape } from './shape';

/** Beside a step: what the running kernel says against its cut. */
export function StepWarnings(props: { session: NotebookSession; stage: string }): JSX.Element {
  const { session, stage } = props;
  return (
    <>
      {session.facts.of(stage).map(({ variable, text }) => (
        <p key={variable + text} className="jp-Handoff-warning">
          <Shape name="should" word={session.around.words.inputs.doubt} /> <Said text={text} />
        </p>
      ))}
    </>
  );
}

/** What came of asking the running kernel. */
export function AskedKernel({ session }: { session: NotebookSession }): JSX.Element | null {
  const { facts, around } = session;
  const words = around.words.steps;
  if (facts.error) {
    return <Note>{told(facts.error)}</Note>;
  }
  if (!facts.answer) {
    return null;
  }
  const { checked, unmade, warnings } = facts.answer;
  return (
    <Note kind={warnings.length || unmade.length ? 'plain' : 'done'}>
      {warnings.length ? words.doubted(warnings.length) : words.undoubted(checked)}{' '}
      {unmade.length ? (
        <Said text={words.unmade(unmade.map(name => `\`${name}\``).join(', '))} />
      ) : null}
    </Note>
  );
}
