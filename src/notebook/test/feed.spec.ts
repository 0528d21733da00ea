import { OpenNotebook } from '../../contracts';
import { check, settled, world } from '../../test/fake';
import { RequestError } from '../../server/request';

jest.mock('../../server/request');

const ids = (body: unknown) => (body as OpenNotebook).changed.map(cell => cell.id);

test('all cells travel first, then only those that changed', async () => {
  const { session, model, server } = await world(['a = 1', 'b = 2']);
  const first = server.bodies('POST check')[0];
  expect(ids(first)).toEqual(['c0', 'c1']);
  expect(first).toMatchObject({
    path: 'work/a.ipynb',
    language: 'python',
    kernel: 'python3',
    order: ['c0', 'c1']
  });

  model.sharedModel.cells[1].setSource('b = 3');
  await session.checker.check();
  const second = server.bodies('POST check')[1];
  expect(ids(second)).toEqual(['c1']);
  expect(second.order).toEqual(['c0', 'c1']);
  expect(second.session).toBe(first.session);
});

test('cells that the server forgot are sent again, and the second answer counts', async () => {
  const { session, server } = await world(['a', 'b']);
  server.routes['POST check'] = body =>
    ids(body).length ? check({ checked: 7 }) : check({ missing: ['c1'], checked: 0 });
  await session.checker.check();
  expect(server.bodies('POST check').slice(1).map(ids)).toEqual([[], ['c1']]);
  expect(session.checker.checked).toBe(7);
});

test('a failed request does not count as sent', async () => {
  const { session, model, server } = await world(['a', 'b']);
  const good = server.routes['POST check'];
  server.routes['POST check'] = () => {
    throw new RequestError('gone', '', 0);
  };
  model.sharedModel.cells[0].setSource('x');
  await session.checker.check();
  expect(session.checker.error?.unreachable).toBe(true);
  server.routes['POST check'] = good;
  await session.checker.check();
  expect(ids(server.bodies('POST check').at(-1))).toEqual(['c0']);
  expect(session.checker.error).toBeNull();
});

test('outputs travel as capped text, without images', async () => {
  const { session, model, server } = await world(['a']);
  const cell = model.cells.get(0) as never as {
    sharedModel: { setOutputs(outputs: object[]): void };
  };
  cell.sharedModel.setOutputs([
    { output_type: 'stream', name: 'stdout', text: 'token '.repeat(5000) },
    {
      output_type: 'display_data',
      data: { 'image/png': 'AAAA', 'text/plain': 'never' },
      metadata: {}
    }
  ]);
  await session.checker.check();
  const [{ output_text }] = (server.bodies('POST check').at(-1) as unknown as OpenNotebook).changed;
  expect(output_text).toHaveLength(20_000);
  expect(output_text).not.toContain('AAAA');
});

test('a removed cell is no longer named, a new one travels', async () => {
  const { session, model, server } = await world(['a', 'b']);
  model.sharedModel.deleteCell(0);
  model.sharedModel.addCell({ cell_type: 'code', id: 'n', source: 'c', metadata: {} });
  await session.checker.check();
  const last = server.bodies('POST check').at(-1)!;
  expect(last.order).toEqual(['c1', 'n']);
  expect(ids(last)).toEqual(['n']);
  await settled();
});
