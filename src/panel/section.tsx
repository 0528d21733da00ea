import * as React from 'react';

import { SectionName, sectionNames } from '../models/view';
import { NotebookSession } from '../models/session';
import { Caret } from './shape';

/** One of the five sections: its name, one short word on where it stands, and what is in it. */
export function Section(props: {
  session: NotebookSession;
  name: SectionName;
  status: string;
  children: React.ReactNode;
}): JSX.Element {
  const { view, around } = props.session;
  const open = view.isOpen(props.name);
  const id = `jp-Handoff-section-${props.name}`;
  const number = sectionNames.indexOf(props.name) + 1;
  return (
    <section className="jp-Handoff-section">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          data-focus={`section:${props.name}`}
          onClick={() => view.toggle(props.name)}
        >
          <Caret open={open} />
          <span>
            {number} {around.words.titles[props.name]}
          </span>
          <span className="jp-Handoff-status">{props.status}</span>
        </button>
      </h3>
      {open ? (
        <div id={id} className="jp-Handoff-body" onFocus={() => view.keep(props.name)}>
          {props.children}
        </div>
      ) : null}
    </section>
  );
}
