import { UseSignal } from '@jupyterlab/ui-components';
import { act, fireEvent, render, screen } from '@testing-library/react';
import * as React from 'react';

import { Join, ModelInput, RawColumn } from '../../contracts';
import { readiness } from '../../logic/readiness';
import { check, FakeServer, finding, settled, world } from '../../test/fake';
import { column as anyColumn, inputs } from '../../test/inputs';
import { InputsSection } from '../inputs';

jest.mock('../../server/request');
jest.mock('../../actions/jump', () => ({ backToCell: jest.fn(), goToCell: jest.fn() }));
const { goToCell } = jest.requireMock<{ goToCell: jest.Mock }>('../../actions/jump');

const column = (name: string, changes: Partial<RawColumn> = {}): RawColumn =>
  anyColumn(name, { place: { cell: 1, cell_id: 'c0', line: 2 }, ...changes });

const hour: ModelInput = {
  name: 'early',
  origin: 'derived',
  mark: 'same at serving',
  place: { cell: 2, cell_id: 'c1', line: 1 },
  columns: ['hour'],
  state: [],
  code: ''
};

const late = column('delay', { known: false, doubt: '`delay` is not known when deciding.' });

async function shown(
  answer: FakeServer['routes'][string],
  routes: Partial<FakeServer['routes']> = {}
) {
  const server = new FakeServer();
  Object.assign(server.routes, { 'POST inputs': answer, ...routes });
  const all = await world(['raw = 1', 'b = 2'], server);
  await act(async () => {
    render(
      <UseSignal signal={all.session.stateChanged}>
        {() => (
          <div className="jp-Handoff">
            <InputsSection session={all.session} />
          </div>
        )}
      </UseSignal>
    );
    await settled();
  });
  return all;
}

const press = (name: string | RegExp) =>
  act(async () => {
    fireEvent.click(screen.getByRole('button', { name }));
    await settled();
  });

const row = ({ session }: Awaited<ReturnType<typeof shown>>) =>
  readiness(session).find(one => one.section === 'inputs');

describe('Inputs', () => {
  it('says why nothing could be traced', async () => {
    const all = await shown(() => inputs({}, 'No table is read.'));
    expect(screen.getByText('No table is read.')).toBeVisible();
    expect(row(all)).toMatchObject({ state: 'open', text: 'Inputs: not traced' });
  });

  it('asks about nothing but doubt, and holds the rest ready', async () => {
    await shown(() => inputs({ columns: [column('hour')], inputs: [hour] }));
    expect(screen.queryByText('hour')).toBeNull();
    await press('1 fine');
    expect(screen.getByText('hour')).toBeVisible();
    await press('early: from hour');
    expect(goToCell).toHaveBeenLastCalledWith(expect.anything(), 'c1', 1);
  });

  it('keeps in the plan that a column is known, and asks no more', async () => {
    let known = false;
    const all = await shown(() => inputs({ columns: [known ? column('delay') : late] }));
    expect(screen.getByText('1 input to decide.')).toBeVisible();
    expect(row(all)).toMatchObject({ state: 'blocked', text: 'Inputs: 1 to decide' });
    known = true;
    await press('Keep...: delay');
    const why = screen.getByLabelText('Why is it known? (shown on the card)');
    expect(why).toHaveFocus();
    await press('Keep');
    expect(all.server.bodies('POST plan')).toHaveLength(0);
    fireEvent.change(why, { target: { value: ' asked at the gate ' } });
    await press('Keep');
    expect(all.server.bodies('POST plan').at(-1)).toMatchObject({
      plan: { columns: { delay: { known_when_deciding: true, reason: 'asked at the gate' } } }
    });
    expect(screen.queryByText('1 input to decide.')).toBeNull();
  });

  it('leaves a column out where the code lists it', async () => {
    const message = '`delay` is not known when deciding, says the plan. Leave it out, or say why.';
    const gate = column('gate', { doubt: '`gate`?' });
    const all = await shown(() => inputs({ columns: [late, gate] }), {
      'POST check': () =>
        check({ findings: [finding({ rule: 'FEAT002', key: 'k9', fixable: true, message })] })
    });
    expect(screen.queryByRole('button', { name: 'Leave out: gate' })).toBeNull();
    await press('Leave out: delay');
    expect(all.server.bodies('POST fix').at(-1)).toMatchObject({ keys: ['k9'] });
  });

  it('takes back that a column is fine', async () => {
    const all = await shown(() => inputs({ columns: [column('a.b')] }));
    await press('1 fine');
    await press('Not known yet: a.b');
    expect(all.server.bodies('POST plan').at(-1)).toMatchObject({
      plan: { columns: { 'a.b': { known_when_deciding: false } } }
    });
  });

  it('keeps in the plan what becomes of bad values, each kind by itself', async () => {
    const all = await shown(() => inputs({ columns: [column('a.b')] }));
    await press('1 fine');
    await press('Bad input...: a.b');
    const choice = (name: string) => screen.getByLabelText<HTMLSelectElement>(name);
    expect(choice('null').selectedOptions[0].text).toBe('As usual: refused');
    expect(choice('out of range').selectedOptions[0].text).toBe('As usual: marked');
    fireEvent.change(choice('null'), { target: { value: 'impute' } });
    fireEvent.change(choice('out of range'), { target: { value: 'reject' } });
    await act(() => all.session.plan.save());
    expect(all.server.bodies('POST plan').at(-1)).toMatchObject({
      plan: { columns: { 'a.b': { bad_input: { null: 'impute', out_of_range: 'reject' } } } }
    });
    expect(choice('null').selectedOptions[0].text).toBe('Fill in as in training');
    fireEvent.change(choice('null'), { target: { value: '' } });
    await act(() => all.session.plan.save());
    expect(all.server.bodies('POST plan').at(-1)).toMatchObject({
      plan: { columns: { 'a.b': { bad_input: { null: null, out_of_range: 'reject' } } } }
    });
  });

  it('shows where a joined table comes from, and lets the plan say otherwise', async () => {
    const join: Join = {
      table: 'planes',
      keys: ['tailnum'],
      place: { cell: 2, cell_id: 'c1', line: 4 },
      of_rows: false,
      kept: 'lookup',
      columns: ['built'],
      rows: 3322,
      sha256: 'ab12'.repeat(16),
      as_of: '2026-03-01'
    };
    const means = { ...join, table: 'means', of_rows: true };
    const all = await shown(() => inputs({ inputs: [hour], joins: [join, means] }));
    await press('1 fine');
    await press(
      /^planes ?, by tailnum: kept with the model as read on 2026-03-01, 3,322 rows, hash (ab12){3}$/
    );
    expect(goToCell).toHaveBeenLastCalledWith(expect.anything(), 'c1', 4);
    expect(screen.queryByRole('button', { name: /: means$/ })).toBeNull();
    await press('Comes with the row: planes');
    await act(() => all.session.plan.save());
    expect(all.server.bodies('POST plan').at(-1)).toMatchObject({
      plan: { tables: { planes: { kept: 'with the row' } } }
    });
    expect(screen.getByText(/comes with each row from the next test run/)).toBeVisible();
    await press('Keep with the model: planes');
    await act(() => all.session.plan.save());
    expect(all.server.bodies('POST plan').at(-1)).toMatchObject({
      plan: { tables: { planes: { kept: 'lookup' } } }
    });
  });

  it('asks of a number and of a choice only what each can be', async () => {
    const columns = [column('age', { type: 'number' }), column('town', { type: 'category' })];
    await shown(() => inputs({ columns }));
    await press('2 fine');
    await press('Bad input...: age');
    expect(screen.queryByLabelText('never seen')).toBeNull();
    expect(screen.getByLabelText('out of range')).toBeVisible();
    await press('Bad input...: age');
    await press('Bad input...: town');
    expect(screen.getByLabelText('never seen')).toBeVisible();
    expect(screen.queryByLabelText('out of range')).toBeNull();
  });

  it('tells a line that needs the whole table, and leads to it', async () => {
    const place = { cell: 2, cell_id: 'c1', line: 3 };
    await shown(() =>
      inputs({
        doubts: [
          { mark: 'needs the whole table', message: '`shift` needs rows.', repair: 'Out.', place }
        ]
      })
    );
    await press(/shift needs rows\. Out\./);
    expect(goToCell).toHaveBeenLastCalledWith(expect.anything(), 'c1', 3);
  });

  it('is ready once the answers live were the same, and not where the notebook changed since', async () => {
    const proven = inputs({ level: 'raw', compared_rows: 3021, inputs: [hour] });
    const all = await shown(() => proven);
    expect(screen.getByText('Same answers live as in training, 3,021 rows.')).toBeVisible();
    expect(row(all)).toMatchObject({ state: 'ready' });
    all.server.routes['POST inputs'] = () => ({ ...proven, stale: true });
    await act(() => all.session.inputs.ask());
    expect(screen.getByText('Notebook changed since the test run.')).toBeVisible();
    expect(row(all)).toMatchObject({ state: 'open', text: 'Inputs: 1, not compared' });
  });
});
