import { change, world, World } from '../../test/fake';

jest.mock('../../server/request');

const fix = (files: Record<string, string[]> = {}) =>
  change({
    cells: [{ cell_id: 'c0', before: 'a = 1', after: 'a = 2', clear_outputs: false }],
    files
  });

const source = ({ model }: World, index = 0) => model.sharedModel.cells[index].getSource();

test('our edit can be undone while it is the last step', async () => {
  const all = await world(['a = 1']);
  const { edits } = all.session;
  expect(edits.canUndo).toBe(false);
  await edits.apply(fix());
  expect(edits.canUndo).toBe(true);
  expect(await edits.undo()).toBe(true);
  expect(source(all)).toBe('a = 1');
  expect(edits.canUndo).toBe(false);
  expect(await edits.undo()).toBe(false);
});

test('not once another step was made, or somebody typed into its cells', async () => {
  const { model, session } = await world(['a = 1']);
  await session.edits.apply(fix());
  model.sharedModel.addCell({ cell_type: 'code', source: '', metadata: {} });
  expect(session.edits.canUndo).toBe(false);
  model.sharedModel.undo();
  expect(session.edits.canUndo).toBe(true);
  model.sharedModel.cells[0].setSource('a = 3');
  expect(session.edits.canUndo).toBe(false);
});

test('lines go to files beside the notebook, each once, and come back with undo', async () => {
  const { session, contents } = await world(['a = 1']);
  contents.files['work/.env.example'] = 'OLD=';
  await session.edits.apply(fix({ '.env.example': ['OLD=', 'DB_PASSWORD='], 'new.txt': ['x'] }));
  expect(contents.files).toEqual({
    'work/.env.example': 'OLD=\nDB_PASSWORD=\n',
    'work/new.txt': 'x\n'
  });
  await session.edits.undo();
  expect(contents.files).toEqual({ 'work/.env.example': 'OLD=' });
});

test('a file that is open in an editor gets its lines there', async () => {
  const { session, contents } = await world(['a = 1']);
  const { files } = session.around;
  contents.files['work/a.txt'] = 'saved';
  let text = 'typed';
  jest.spyOn(files, 'open').mockImplementation(path => (path === 'work/a.txt' ? text : null));
  jest.spyOn(files, 'write').mockImplementation((_, wanted) => {
    text = wanted;
    return Promise.resolve();
  });
  await session.edits.apply(fix({ 'a.txt': ['x'] }));
  expect(text).toBe('typed\nx\n');
  await session.edits.undo();
  expect(text).toBe('typed');
});

test('undo leaves a file alone that somebody wrote to since', async () => {
  const { session, contents } = await world(['a = 1']);
  await session.edits.apply(fix({ 'new.txt': ['x'] }));
  contents.files['work/new.txt'] = 'theirs';
  await session.edits.undo();
  expect(contents.files).toEqual({ 'work/new.txt': 'theirs' });
});

test('each fixed cell can be put back by itself, while its text is untouched', async () => {
  const all = await world(['a = 1', 'b']);
  const { edits } = all.session;
  await edits.apply(fix(), { c0: 3 });
  await edits.apply(
    change({ cells: [{ cell_id: 'c1', before: 'b', after: 'c', clear_outputs: false }] })
  );
  expect(edits.fixed.map(one => [one.cell_id, one.count])).toEqual([
    ['c0', 3],
    ['c1', 1]
  ]);
  edits.putBack(edits.fixed[0]);
  expect([source(all), source(all, 1)]).toEqual(['a = 1', 'c']);
  all.model.sharedModel.cells[1].setSource('typed');
  expect(edits.fixed).toEqual([]);
});

test('edits of metadata are undone too', async () => {
  const { model, session } = await world(['a']);
  const before = model.toJSON();
  session.edits.step(() =>
    model.sharedModel.cells[0].setMetadata('handoff', { ignore: { PATH001: '' } })
  );
  await session.edits.undo();
  expect(model.toJSON()).toEqual(before);
});

test('names of variables go through our server where JupyterLab writes no hidden file', async () => {
  const { session, contents, server } = await world(['a = 1']);
  contents.save = () => Promise.reject(new Error('hidden'));
  server.routes['POST variables'] = body => ({ names: (body.names as string[]).slice(1) });
  expect(await session.edits.apply(fix({ '.env.example': ['OLD=', 'DB='] }))).toEqual([]);
  await session.edits.undo();
  expect(server.bodies('POST variables')).toEqual([
    { path: 'work/a.ipynb', names: ['OLD', 'DB'], remove: false },
    { path: 'work/a.ipynb', names: ['DB'], remove: true }
  ]);
});

test('a file that may not be written is named, and the fix stands', async () => {
  const all = await world(['a = 1']);
  all.contents.save = () => Promise.reject(new Error('hidden'));
  const refused = await all.session.edits.apply(
    fix({ '.env.example': ['DB=1'], '.netrc': ['a='] })
  );
  expect(refused).toEqual([
    { name: '.env.example', lines: ['DB=1'] },
    { name: '.netrc', lines: ['a='] }
  ]);
  expect(source(all)).toBe('a = 2');
});
