import * as React from 'react';

import { valueAt } from '../logic/fields';
import { FormField, moreGroups } from '../logic/schema';
import { NotebookSession } from '../models/session';
import { Button } from './button';
import { ChoiceField, Field, textOf, valueOf } from './field';
import { Caret } from './shape';

/** The plan's optional parts, folded, as its schema describes them. */
export function More({ session }: { session: NotebookSession }): JSX.Element {
  const { view, plan, around } = session;
  const words = around.words.publish;
  const groups = React.useMemo(() => moreGroups(plan.schema), [plan.schema]);
  const unfolded = view.isUnfolded('more');
  return (
    <>
      <Button
        label={words.more(groups.length)}
        quiet
        className="jp-Handoff-fold"
        expanded={unfolded}
        onPress={() => view.fold('more')}
      >
        <Caret open={unfolded} /> {words.more(groups.length)}
      </Button>
      {unfolded ? (
        <>
          <p className="jp-Handoff-hint">{words.moreHint}</p>
          {groups.map(group => (
            <fieldset className="jp-Handoff-fieldset" key={group.name}>
              <legend>{group.title}</legend>
              {group.fields.map(field => (
                <AnyField key={field.field} session={session} field={field} />
              ))}
            </fieldset>
          ))}
        </>
      ) : null}
    </>
  );
}

function AnyField(props: { session: NotebookSession; field: FormField }) {
  const { session, field } = props;
  const words = session.around.words.publish;
  switch (field.kind) {
    case 'rows':
      return <Rows session={session} field={field} />;
    case 'choice':
      return (
        <ChoiceField
          session={session}
          field={field.field}
          label={field.title}
          focus={`field:${field.field}`}
          none={words.questions.choose}
          choices={field.choices.map(choice => [choice, choice])}
        />
      );
    case 'switch':
      return (
        <label className="jp-Handoff-switch">
          <input
            type="checkbox"
            data-focus={`field:${field.field}`}
            checked={session.plan.plan !== null && valueAt(session.plan.plan, field.field) === true}
            onChange={event => session.plan.set(field.field, event.target.checked)}
          />
          {field.title}
        </label>
      );
    default:
      return (
        <Field
          session={session}
          field={field.field}
          kind={field.kind}
          label={field.title}
          focus={`field:${field.field}`}
          hint={[field.description, field.kind === 'lines' ? words.oneEach : '']
            .filter(Boolean)
            .join(' ')}
        />
      );
  }
}

type Entry = Record<string, unknown>;

/** Entries of which there can be many, such as decisions with their reasons. */
function Rows(props: { session: NotebookSession; field: FormField }) {
  const { session, field } = props;
  const words = session.around.words.publish;
  const { plan } = session.plan;
  const entries = ((plan && valueAt(plan, field.field)) ?? []) as Entry[];
  const set = (next: Entry[]) => session.plan.set(field.field, next);
  return (
    <>
      {entries.map((entry, index) => (
        <div className="jp-Handoff-entry" key={index}>
          {field.rows.map(part => (
            <Cell
              key={part.field}
              part={part}
              value={entry[part.field]}
              onValue={value =>
                set(
                  entries.map((one, at) => (at === index ? { ...one, [part.field]: value } : one))
                )
              }
            />
          ))}
          <Button
            label={words.remove}
            quiet
            onPress={() => set(entries.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button
        label={words.add}
        quiet
        focus={`field:${field.field}`}
        title={words.addTo(field.title)}
        onPress={() =>
          set([
            ...entries,
            Object.fromEntries(field.rows.map(part => [part.field, valueOf('', kindOf(part))]))
          ])
        }
      />
    </>
  );
}

/** One value of an entry; what is typed stays as it is typed until the field is left. */
function Cell(props: { part: FormField; value: unknown; onValue: (value: unknown) => void }) {
  const { part, value, onValue } = props;
  const [typed, setTyped] = React.useState<string | null>(null);
  return (
    <label className="jp-Handoff-field">
      {part.title}
      <input
        type="text"
        className="jp-mod-styled"
        value={typed ?? textOf(value)}
        onBlur={() => setTyped(null)}
        onChange={event => {
          setTyped(event.target.value);
          onValue(valueOf(event.target.value, kindOf(part)));
        }}
      />
    </label>
  );
}

function kindOf(part: FormField): 'text' | 'number' {
  return part.kind === 'number' ? 'number' : 'text';
}
