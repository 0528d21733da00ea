import { check, FakeServer, finding, settled, world } from '../../test/fake';

jest.mock('../../server/request');

afterEach(() => jest.useRealTimers());

test('typing asks once, shortly after the last keystroke', async () => {
  const { model, server } = await world(['a']);
  jest.useFakeTimers();
  const asked = () => server.bodies('POST check').length;
  const before = asked();
  for (const text of ['b', 'bc', 'bcd']) {
    model.sharedModel.cells[0].setSource(text);
    jest.advanceTimersByTime(50);
    await settled();
  }
  expect(asked()).toBe(before);
  await jest.advanceTimersByTimeAsync(100);
  expect(asked()).toBe(before + 1);
});

test('an answer that is late does not replace a newer one', async () => {
  const { session, server } = await world(['a']);
  const answers: ((value: unknown) => void)[] = [];
  server.routes['POST check'] = () => new Promise(resolve => answers.push(resolve));
  const first = session.checker.check();
  const second = session.checker.check();
  await settled();
  answers[0](check({ checked: 1 }));
  await first;
  await settled();
  answers[1](check({ checked: 2 }));
  await second;
  expect(session.checker.checked).toBe(2);
});

test('a slow answer says so after a second, while what was known stays', async () => {
  const server = new FakeServer();
  server.routes['POST check'] = () => check({ findings: [finding()] });
  const { session } = await world(['a'], server);
  jest.useFakeTimers();
  server.routes['POST check'] = () => new Promise(() => undefined);
  void session.checker.check();
  await jest.advanceTimersByTimeAsync(900);
  expect(session.checker.slow).toBe(false);
  await jest.advanceTimersByTimeAsync(200);
  expect(session.checker.slow).toBe(true);
  expect(session.checker.findings).toHaveLength(1);
});
