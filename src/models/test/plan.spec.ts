import { emptyPlan, FakeServer, planAnswer, settled, world } from '../../test/fake';
import { RequestError } from '../../server/request';

jest.mock('../../server/request');

afterEach(() => jest.useRealTimers());

const missing = [{ field: 'owner.name', title: 'Owner', blocks: true }];

async function form() {
  const server = new FakeServer();
  server.routes['GET plan'] = () => planAnswer({ missing });
  const all = await world(['a'], server);
  jest.useFakeTimers();
  return { ...all, plan: all.session.plan };
}

test('answers are saved shortly after they are typed, through the file', async () => {
  const { plan, server, contents } = await form();
  plan.set('owner.name', 'A');
  plan.set('owner.name', 'Ada');
  expect(server.bodies('POST plan')).toEqual([]);
  await jest.advanceTimersByTimeAsync(1000);
  expect(server.bodies('POST plan')).toHaveLength(1);
  expect(Object.keys(contents.files)).toEqual(['a.handoff.yaml']);
  expect(plan.open).toEqual([]);
});

test('what a button saved is not saved again when typing rests', async () => {
  const { plan, server } = await form();
  plan.set('owner.name', 'Ada');
  expect(await plan.save()).toBe(true);
  await jest.advanceTimersByTimeAsync(1000);
  expect(server.bodies('POST plan')).toHaveLength(1);
});

test('what is typed is not overwritten by a plan that is read again', async () => {
  const { plan, server } = await form();
  plan.set('owner.name', 'Ada');
  server.routes['GET plan'] = () => planAnswer({ plan: { ...emptyPlan, limitations: ['theirs'] } });
  await plan.load();
  expect(plan.plan!.owner.name).toBe('Ada');
});

test('a plan that cannot be read is not written over', async () => {
  const { plan, server } = await form();
  server.routes['GET plan'] = () => planAnswer({ problem: 'Line 3 is not YAML.' });
  await plan.load();
  expect(await plan.save()).toBe(false);
  expect(server.bodies('POST plan')).toEqual([]);
});

test('a failed save keeps the answer and says so', async () => {
  const { plan, server } = await form();
  server.routes['POST plan'] = () => {
    throw new RequestError('The disk is full.', '', 500);
  };
  plan.set('owner.name', 'Ada');
  expect(await plan.save()).toBe(false);
  await settled();
  expect(plan.plan!.owner.name).toBe('Ada');
  expect(plan.error?.message).toBe('The disk is full.');
});
