import { PathExt } from '@jupyterlab/coreutils';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { backToCell, goToCell } from '../actions/jump';
import { build, testRun } from '../actions/running';
import { chooseModel, keepSuggestions, makeAgain } from '../actions/stepping';
import { Job, StageRun, StepRow } from '../contracts';
import { NotebookSession } from '../models/session';
import { CommandIDs } from '../commands';
import { Button } from './button';
import { AskedKernel, StepWarnings } from './facts';
import { Grid } from './grid';
import { openMenu } from './menu';
import { Note } from './note';
import { NewStep } from './new-step';
import { Said, told } from './said';
import { Dots } from './shape';

/** The second section: the steps that the cells become, and what the test run gave. */
export function StepsSection(props: {
  session: NotebookSession;
  commands: CommandRegistry;
}): JSX.Element {
  const { session, commands } = props;
  const { steps, view, around, job, lastJob } = session;
  const { words } = around;
  if (!steps.known) {
    return <p className="jp-Handoff-summary">{steps.slow ? words.steps.loading : ''}</p>;
  }
  return (
    <>
      {lastJob?.state === 'failed' && lastJob.kind !== 'publish' ? (
        <Failed session={session} commands={commands} job={lastJob} />
      ) : null}
      {view.naming ? <NewStep session={session} cells={view.naming} /> : null}
      <p className="jp-Handoff-summary">{summary(session)}</p>
      {steps.rows.length ? (
        <Grid label={words.steps.list} onEscape={() => backToCell(session)}>
          {steps.rows.map((row, index) => (
            <Step
              key={row.stage}
              session={session}
              commands={commands}
              row={row}
              number={index + 1}
            />
          ))}
          {steps.leftOut.length ? <LeftOut session={session} /> : null}
        </Grid>
      ) : null}
      <Models session={session} />
      <div className="jp-Handoff-actions">
        {steps.again ? (
          <Button
            label={words.steps.makeAgain(steps.again.name)}
            unavailable={view.busy ? words.publish.saving : undefined}
            onPress={() => view.during('fixing', () => makeAgain(session))}
          />
        ) : null}
        {steps.change ? (
          <Button
            label={words.steps.keep}
            unavailable={view.busy ? words.publish.saving : undefined}
            onPress={() => view.during('fixing', async () => void (await keepSuggestions(session)))}
          />
        ) : null}
        {steps.rows.length ? (
          <Button
            label={words.steps.runAgain}
            unavailable={view.busy || job ? words.next.waiting : undefined}
            onPress={() => testRun(session)}
          />
        ) : null}
        {steps.rows.length ? (
          <Button
            label={words.steps.checkKernel}
            title={words.steps.checkKernelWhy}
            unavailable={view.busy ? words.next.waiting : undefined}
            onPress={() => view.during('comparing', () => session.facts.ask())}
          />
        ) : null}
        {steps.rows.length ? (
          <button
            type="button"
            className="jp-Handoff-button jp-mod-quiet"
            aria-haspopup="menu"
            aria-label={words.steps.moreOf}
            title={words.more}
            onClick={event =>
              openMenu(
                commands,
                event.currentTarget,
                moreActions.map(command => ({ command }))
              )
            }
          >
            <Dots />
          </button>
        ) : null}
      </div>
      <AskedKernel session={session} />
      <Result session={session} />
    </>
  );
}

const moreActions = [
  CommandIDs.suggest,
  CommandIDs.build,
  CommandIDs.runAgain,
  CommandIDs.openRun,
  CommandIDs.mergeEdits
];

function summary(session: NotebookSession): string {
  const { steps, around } = session;
  const words = around.words.steps;
  if (!steps.rows.length) {
    return steps.problem || words.empty;
  }
  const count = steps.suggested ? words.suggested : words.kept;
  return [count(steps.rows.length, steps.leftOut.length), steps.problem].filter(Boolean).join(' ');
}

function Step(props: {
  session: NotebookSession;
  commands: CommandRegistry;
  row: StepRow;
  number: number;
}) {
  const { session, commands, row, number } = props;
  const { overview, around } = session;
  const words = around.words.steps;
  const run = overview.value?.stages.find(stage => stage.name === row.stage);
  const numbers = row.cells.map(id => session.numberOf(id)).filter(Boolean);
  return (
    <div role="row" className="jp-Handoff-row">
      <div role="gridcell" className="jp-Handoff-what">
        <button
          type="button"
          className="jp-Handoff-go"
          onClick={() => void goToCell(session, row.cells[0])}
        >
          <span className="jp-Handoff-number">{number} </span>
          <span>
            <span className="jp-Handoff-message">{row.title}</span>{' '}
            <span className="jp-Handoff-place">
              {numbers.length ? around.words.cells(numbers) : ''}
              {run ? ` · ${timeOf(run, session)}` : ''}
              {overview.value?.edited.includes(row.stage) ? ` · ${words.edited}` : ''}
            </span>
          </span>
        </button>
        {row.pulled.length ? (
          <Button
            label={words.needed(row.pulled.length)}
            title={words.neededWhy(row.pulled.length, row.pulled_reason)}
            quiet
            expanded={session.view.isUnfolded(`pulled:${row.stage}`)}
            onPress={() => session.view.fold(`pulled:${row.stage}`)}
          />
        ) : null}
        {session.view.isUnfolded(`pulled:${row.stage}`) ? <p>{row.pulled_reason}</p> : null}
        <StepWarnings session={session} stage={row.stage} />
      </div>
      <div role="gridcell" className="jp-Handoff-actions">
        {run && overview.value?.pipeline ? (
          <Button
            label={words.openRun}
            title={words.openRunOf(row.title)}
            quiet
            onPress={() =>
              commands.execute('docmanager:open', {
                path: PathExt.join(overview.value!.pipeline, run.notebook)
              })
            }
          />
        ) : null}
      </div>
    </div>
  );
}

/** Comparing finds all steps unchanged: whether they were before it, the job knows. */
function timeOf(run: StageRun, session: NotebookSession): string {
  const { words, jobs } = session.around;
  const status = jobs.outcomeOf(session.path, run.name) ?? run.status;
  return status === 'cached' ? words.steps.unchanged : words.steps.seconds(run.seconds);
}

function LeftOut({ session }: { session: NotebookSession }) {
  const { steps, around } = session;
  const words = around.words.steps;
  return (
    <div role="row" className="jp-Handoff-row">
      <div role="gridcell" className="jp-Handoff-what">
        <button
          type="button"
          className="jp-Handoff-go"
          onClick={() => void goToCell(session, steps.leftOut[0])}
        >
          <span className="jp-Handoff-number">- </span>
          <span>
            <span className="jp-Handoff-message">{words.leftOut}</span>{' '}
            <span className="jp-Handoff-place">{words.leftOutCells(steps.leftOut.length)}</span>
          </span>
        </button>
      </div>
    </div>
  );
}

function Models({ session }: { session: NotebookSession }) {
  const { steps, around } = session;
  const words = around.words.steps;
  if (steps.models.length < 2) {
    return null;
  }
  return (
    <fieldset className="jp-Handoff-choices">
      <legend>{words.model}</legend>
      {steps.models.map(({ variable, cell_id }) => (
        <label key={`${variable}:${cell_id}`}>
          <input
            type="radio"
            name="jp-Handoff-model"
            checked={steps.model === variable}
            onChange={() => void chooseModel(session, variable)}
          />
          {words.modelIn(variable, session.numberOf(cell_id))}
        </label>
      ))}
    </fieldset>
  );
}

/** What the last test run gave: the same, or another result. */
function Result({ session }: { session: NotebookSession }) {
  const { overview, around, job } = session;
  const words = around.words.steps;
  const proof = overview.value?.proof;
  if (!proof || job || !overview.value?.current) {
    return null;
  }
  const metric = overview.value.metrics.find(one => one.pipeline !== null);
  if (!proof.equal) {
    return (
      <Note kind="failed">
        <Said text={words.different(proof.reason)} />
      </Note>
    );
  }
  return (
    <>
      <Note kind="done">
        {metric
          ? words.same(metric.name, round(metric.pipeline))
          : words.sameValues(proof.compared_values)}
      </Note>
      {overview.value.metrics.length ? (
        <table className="jp-Handoff-table">
          <thead>
            <tr>
              <th scope="col">{words.metric}</th>
              <th scope="col">{words.inNotebook}</th>
              <th scope="col">{words.inSteps}</th>
            </tr>
          </thead>
          <tbody>
            {overview.value.metrics.map(one => (
              <tr key={one.name}>
                <th scope="row">{one.name}</th>
                <td>{round(one.notebook)}</td>
                <td>{round(one.pipeline)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </>
  );
}

/** What failed, where, and what can be done. */
export function Failed(props: {
  session: NotebookSession;
  commands: CommandRegistry;
  job: Job;
}): JSX.Element {
  const { session, commands, job } = props;
  const { words, jobs } = session.around;
  return (
    <Note
      kind="failed"
      actions={
        <>
          {session.numberOf(job.cell_id) ? (
            <Button label={words.steps.goToCell} onPress={() => goToCell(session, job.cell_id)} />
          ) : null}
          {job.executed ? (
            <Button
              label={words.steps.openRun}
              onPress={() => commands.execute('docmanager:open', { path: job.executed })}
            />
          ) : null}
          {job.kind === 'publish' ? null : (
            <Button
              label={words.steps.again}
              unavailable={session.view.busy || session.job ? words.next.waiting : undefined}
              onPress={() => (job.kind === 'build' ? build(session) : testRun(session))}
            />
          )}
          <Button label={words.close} quiet onPress={() => jobs.close(job.id)} />
        </>
      }
    >
      <Said text={told({ message: job.error, hint: job.hint })} />
    </Note>
  );
}

function round(value: number | null): string {
  return value === null ? '' : String(Number(value.toPrecision(4)));
}
