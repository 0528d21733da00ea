import * as React from 'react';

import { valueAt } from '../logic/fields';
import { NotebookSession } from '../models/session';

export interface FieldProps {
  session: NotebookSession;
  /** Dotted name in the plan. */
  field: string;
  label: string;
  hint?: string;
  placeholder?: string;
  kind?: 'text' | 'lines' | 'number' | 'date';
  /** Short inputs stand beside their label. */
  inline?: boolean;
  focus?: string;
}

/** One answer of the plan. A suggested answer says where it is from until somebody edits it. */
export function Field(props: FieldProps): JSX.Element {
  const { session, field, kind = 'text' } = props;
  const { plan: form } = session;
  const stored = textOf(form.plan && valueAt(form.plan, field));
  const [typed, setTyped] = React.useState<string | null>(null);
  const id = `jp-Handoff-field-${field.replace(/\./g, '-')}`;
  const source = form.sourceOf(field);
  const hint = [source, props.hint].filter(Boolean).join(' · ');
  const shared = {
    id,
    className: 'jp-mod-styled',
    value: typed ?? stored,
    placeholder: props.placeholder,
    required: form.waitsFor(field),
    'aria-describedby': hint ? `${id}-hint` : undefined,
    'data-focus': props.focus,
    onBlur: () => setTyped(null),
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      setTyped(event.target.value);
      form.set(field, valueOf(event.target.value, kind));
    }
  };
  return (
    <div className={`jp-Handoff-field${props.inline ? ' jp-mod-inline' : ''}`}>
      <label htmlFor={id}>{props.label}</label>
      {kind === 'lines' ? (
        <textarea {...shared} rows={2} />
      ) : (
        <input
          {...shared}
          type={kind === 'date' ? 'date' : 'text'}
          inputMode={kind === 'number' ? 'decimal' : undefined}
        />
      )}
      {hint ? (
        <p id={`${id}-hint`} className="jp-Handoff-hint">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** A choice among few, as a list. */
export function ChoiceField(
  props: FieldProps & { choices: [string, string][]; none: string }
): JSX.Element {
  const { session, field } = props;
  const { plan: form } = session;
  const id = `jp-Handoff-field-${field.replace(/\./g, '-')}`;
  const value = textOf(form.plan && valueAt(form.plan, field));
  return (
    <div className={`jp-Handoff-field${props.inline ? ' jp-mod-inline' : ''}`}>
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        className="jp-mod-styled"
        value={value}
        required={form.waitsFor(field)}
        data-focus={props.focus}
        onChange={event => form.set(field, event.target.value || null)}
      >
        <option value="">{props.none}</option>
        {props.choices.map(([choice, label]) => (
          <option key={choice} value={choice}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A value of the plan as it is typed. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) {
    return value.join('\n');
  }
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** What was typed, as a value of the plan. */
export function valueOf(text: string, kind: NonNullable<FieldProps['kind']>): unknown {
  if (kind === 'lines') {
    return text
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean);
  }
  if (kind === 'number') {
    const number = Number(text.trim().replace(',', '.'));
    return text.trim() === '' || Number.isNaN(number) ? null : number;
  }
  return kind === 'date' ? text || null : text;
}
