import * as React from 'react';

import { declare } from '../actions/declaring';
import { fix } from '../actions/fixing';
import { backToCell } from '../actions/jump';
import { RawColumn } from '../contracts';
import { leftOutBy } from '../logic/columns';
import { NotebookSession } from '../models/session';
import { BadInputForm } from './bad-input';
import { Button } from './button';
import { Grid } from './grid';
import { Row } from './input-row';
import { JoinedTableRow } from './joined-table';
import { KeepForm } from './keep-form';
import { Note } from './note';
import { Said } from './said';
import { Caret } from './shape';

/** The third section: what is doubtful about the model's inputs; the others are ready to open. */
export function InputsSection({ session }: { session: NotebookSession }): JSX.Element {
  const { inputs, view, around } = session;
  const { features } = inputs;
  const words = around.words.inputs;
  if (inputs.error) {
    return (
      <Note
        kind="failed"
        actions={<Button label={around.words.tryAgain} onPress={() => inputs.ask()} />}
      >
        {inputs.error.message}
      </Note>
    );
  }
  const unfolded = view.isUnfolded('inputs');
  const columns = features?.columns.filter(column => !column.doubt) ?? [];
  const fine = words.fine(columns.length || (features?.inputs.length ?? 0));
  return (
    <>
      <p className="jp-Handoff-summary">
        <Said text={summary(session)} />
      </p>
      {inputs.toDecide ? (
        <Grid label={words.doubts} onEscape={() => backToCell(session)}>
          {inputs.unknown.map(column => (
            <Doubtful key={column.name} session={session} column={column} />
          ))}
          {features?.doubts.map(({ message, repair, place }) => (
            <Row
              key={`${place.cell_id}:${place.line}:${message}`}
              session={session}
              text={`${message} ${repair}`}
              place={place}
              doubtful
            />
          ))}
        </Grid>
      ) : null}
      {features && (features.inputs.length || columns.length) ? (
        <Button
          label={fine}
          quiet
          className="jp-Handoff-fold"
          expanded={unfolded}
          onPress={() => view.fold('inputs')}
        >
          <Caret open={unfolded} /> {fine}
        </Button>
      ) : null}
      {features && unfolded ? (
        <>
          <Grid label={words.columns} onEscape={() => backToCell(session)}>
            {columns.map(column => (
              <Fine key={column.name} session={session} column={column} />
            ))}
          </Grid>
          {features.joins.length ? (
            <Grid label={words.joins} onEscape={() => backToCell(session)}>
              {features.joins.map(join => (
                <JoinedTableRow
                  key={`${join.place.cell_id}:${join.place.line}:${join.table}`}
                  session={session}
                  join={join}
                />
              ))}
            </Grid>
          ) : null}
          <Grid label={words.inputs} onEscape={() => backToCell(session)}>
            {features.inputs.map(({ name, origin, columns: from, place }) => (
              <Row
                key={name}
                session={session}
                text={words.origin[origin](name, from.filter(one => one !== name).join(', '))}
                place={place}
              />
            ))}
          </Grid>
        </>
      ) : null}
    </>
  );
}

function summary({ inputs, around }: NotebookSession): string {
  const words = around.words.inputs;
  const { features } = inputs;
  if (!features) {
    return inputs.problem || (inputs.slow ? words.loading : words.empty);
  }
  if (inputs.toDecide) {
    return words.toDecide(inputs.toDecide);
  }
  if (inputs.compared) {
    return words.same(inputs.compared);
  }
  if (inputs.stale) {
    return words.stale;
  }
  return features.reason || words.empty;
}

/** A column that only a person can decide about: leave it out, or keep it and say why it is known. */
function Doubtful({ session, column }: { session: NotebookSession; column: RawColumn }) {
  const [keeping, setKeeping] = React.useState(false);
  const words = session.around.words.inputs;
  const problem = leftOutBy(session.checker.findings, column.name);
  return (
    <>
      <Row session={session} text={column.doubt} place={column.place} doubtful>
        {problem ? (
          <Button
            label={words.leaveOut}
            title={words.of(words.leaveOut, column.name)}
            onPress={() => fix(session, [problem.key])}
          />
        ) : null}
        <Button
          label={words.keepIt}
          title={words.of(words.keepIt, column.name)}
          expanded={keeping}
          onPress={() => setKeeping(!keeping)}
        />
      </Row>
      {keeping ? (
        <KeepForm session={session} column={column.name} onClose={() => setKeeping(false)} />
      ) : null}
    </>
  );
}

/** A column nobody doubts: it can be doubted, and what becomes of its bad values can be said. */
function Fine({
  session,
  column: { name, place, type }
}: {
  session: NotebookSession;
  column: RawColumn;
}) {
  const [open, setOpen] = React.useState(false);
  const words = session.around.words.inputs;
  return (
    <>
      <Row session={session} text={name} place={place}>
        <Button
          label={words.badInput}
          title={words.of(words.badInput, name)}
          quiet
          expanded={open}
          onPress={() => setOpen(!open)}
        />
        <Button
          label={words.unknown}
          title={words.of(words.unknown, name)}
          quiet
          onPress={() => declare(session, name, false)}
        />
      </Row>
      {open ? <BadInputForm session={session} column={name} type={type} /> : null}
    </>
  );
}
