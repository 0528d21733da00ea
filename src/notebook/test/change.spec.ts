import { change, world } from '../../test/fake';
import { applyChange, replaceSource } from '../change';

jest.mock('../../server/request');

const full = change({
  cells: [
    { cell_id: 'c0', before: 'a = 1', after: 'a = 22', clear_outputs: true },
    { cell_id: 'c1', before: 'b = a', after: 'b = a + 1', clear_outputs: false }
  ],
  inserts: [
    { index: 0, cell_id: 'n0', kind: 'markdown', source: 'first', tags: [] },
    { index: 1, cell_id: 'n1', kind: 'code', source: 'p = 1', tags: ['parameters'] },
    { index: 1, cell_id: 'n2', kind: 'code', source: 'q = 2', tags: [] }
  ],
  tags: { c1: ['stage:load'] }
});

async function notebook() {
  const { model } = await world(['a = 1', 'b = a', 'c = b']);
  model.sharedModel.cells[0].setMetadata('tags', ['mine']);
  const cell = model.sharedModel.cells[0] as never as { setOutputs(outputs: object[]): void };
  cell.setOutputs([
    { output_type: 'stream', name: 'stdout', text: 'token' },
    { output_type: 'display_data', data: { 'image/png': 'AAAA' }, metadata: {} }
  ]);
  return model;
}

test('sources, outputs, tags and new cells change together', async () => {
  const model = await notebook();
  expect(applyChange(model, full)).toBe(true);
  const cells = model.sharedModel.cells;
  expect(cells.map(cell => cell.getId())).toEqual(['n0', 'c0', 'n1', 'n2', 'c1', 'c2']);
  expect(cells.map(cell => cell.getSource())).toEqual([
    'first',
    'a = 22',
    'p = 1',
    'q = 2',
    'b = a + 1',
    'c = b'
  ]);
  expect(cells[2].getMetadata('tags')).toEqual(['parameters']);
  expect(cells[4].getMetadata('tags')).toEqual(['stage:load']);
  expect(cells[1].toJSON()).toMatchObject({ outputs: [], metadata: { tags: ['mine'] } });
});

test('one undo takes all of it back, outputs too', async () => {
  const model = await notebook();
  const before = model.toJSON();
  applyChange(model, full);
  expect(model.sharedModel.undo()).toBe(true);
  expect(model.toJSON()).toEqual(before);
  expect(model.sharedModel.canUndo()).toBe(false);
});

test('two changes at once are two undo steps', async () => {
  const model = await notebook();
  applyChange(model, full);
  const between = model.toJSON();
  applyChange(model, change({ tags: { c2: ['stage:train'] } }));
  model.sharedModel.undo();
  expect(model.toJSON()).toEqual(between);
});

test('nothing changes where a cell was edited meanwhile', async () => {
  const model = await notebook();
  model.sharedModel.cells[1].setSource('edited');
  const before = model.toJSON();
  expect(applyChange(model, full)).toBe(false);
  expect(model.toJSON()).toEqual(before);
});

test.each([
  ['abc', 'abc', []],
  ['pd.read("C:/a")', 'pd.read(DATA)', [[8, 14, 'DATA']]],
  ['aa', 'aaa', [[2, 2, 'a']]],
  ['', 'x', [[0, 0, 'x']]]
])('from %s to %s only the difference is replaced', async (before, after, updates) => {
  const { model } = await world([before]);
  const [cell] = model.sharedModel.cells;
  const update = jest.spyOn(cell, 'updateSource');
  replaceSource(cell, after);
  expect(update.mock.calls).toEqual(updates);
  expect(cell.getSource()).toBe(after);
});
