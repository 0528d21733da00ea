import * as React from 'react';

import { backToCell } from '../actions/jump';
import { placeOf } from '../logic/fields';
import { NotebookSession } from '../models/session';
import { Button } from './button';
import { Grid } from './grid';
import { Caret, Shape } from './shape';

/** The five questions of an operational review, folded: the plan's answers, and where there is a gap the way to it. */
export function Review({ session }: { session: NotebookSession }): JSX.Element | null {
  const { view, plan, around } = session;
  const words = around.words.publish.review;
  const rows = plan.review;
  if (!rows.length) {
    return null;
  }
  const title = words.title(rows.filter(row => row.answer).length, rows.length);
  const unfolded = view.isUnfolded('review');
  const open = (field: string) => {
    const { focus, more } = placeOf(field);
    if (more) {
      view.unfold('more');
    }
    view.focus(focus);
  };
  return (
    <>
      <Button
        label={title}
        quiet
        className="jp-Handoff-fold"
        expanded={unfolded}
        onPress={() => view.fold('review')}
      >
        <Caret open={unfolded} /> {title}
      </Button>
      {unfolded ? (
        <Grid label={words.list} onEscape={() => backToCell(session)}>
          {rows.map(({ question, answer, field }) => {
            const label = answer ? around.words.publish.change : words.answer;
            return (
              <div role="row" className="jp-Handoff-row jp-mod-problem" key={question}>
                <div role="gridcell" className="jp-Handoff-what">
                  <p className="jp-Handoff-question">
                    <Shape
                      name={answer ? 'ready' : 'open'}
                      word={answer ? around.words.publish.answered : words.gap}
                    />
                    {question}
                  </p>
                  <p className="jp-Handoff-hint">{answer || words.nobody}</p>
                </div>
                <div role="gridcell" className="jp-Handoff-actions">
                  <Button
                    label={label}
                    title={around.words.live.of(label, question)}
                    onPress={() => open(field)}
                  />
                </div>
              </div>
            );
          })}
        </Grid>
      ) : null}
    </>
  );
}
