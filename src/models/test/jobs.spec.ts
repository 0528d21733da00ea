import { Job } from '../../contracts';
import { FakeServer, job, settled, world, World } from '../../test/fake';
import { JOB_EVENT } from '../jobs';

jest.mock('../../server/request');

const tell = ({ events }: World, changes: Partial<Job>) =>
  events.emit({ ...job(changes), schema_id: JOB_EVENT });

test('jobs are there after a reload, each for its notebook', async () => {
  const server = new FakeServer();
  server.routes['GET jobs'] = () => ({
    jobs: [
      job({ id: 'b', state: 'queued', kind: 'publish' }),
      job({ id: 'a' }),
      job({ id: 'c', path: 'other.ipynb' })
    ]
  });
  const { session, jobs } = await world(['x'], server);
  expect([session.job?.id, session.queuedJob?.id]).toEqual(['a', 'b']);
  expect(jobs.all.map(one => one.id)).toEqual(['b', 'a', 'c']);
});

test('events move a job on, and its end is told once', async () => {
  const all = await world(['x']);
  const ended = jest.fn<void, [string]>();
  all.jobs.ended.connect((_, one) => ended(one.state));
  tell(all, { state: 'running' });
  expect(all.session.job?.state).toBe('running');
  tell(all, { state: 'done' });
  tell(all, { state: 'done' });
  tell(all, { state: 'running' });
  expect(all.session.job).toBeUndefined();
  expect(all.session.lastJob?.state).toBe('done');
  expect(ended.mock.calls).toEqual([['done']]);
});

test('other events are not jobs', async () => {
  const all = await world(['x']);
  all.events.emit({ schema_id: 'https://events.jupyter.org/contents' });
  expect(all.jobs.all).toEqual([]);
});

test('the end of a job asks anew what is known of the notebook', async () => {
  const all = await world(['x']);
  const before = all.server.bodies('GET overview').length;
  tell(all, {});
  tell(all, { state: 'failed' });
  await settled();
  expect(all.server.bodies('GET overview').length).toBe(before + 1);
});

test('seconds go on between two words of the server, and stop at the end', async () => {
  const all = await world(['x']);
  const now = jest.spyOn(Date, 'now').mockReturnValue(1000);
  tell(all, { seconds: 10 });
  now.mockReturnValue(3500);
  expect(all.jobs.seconds(all.jobs.all[0])).toBe(12.5);
  tell(all, { seconds: 13, state: 'done' });
  now.mockReturnValue(9000);
  expect(all.jobs.seconds(all.jobs.all[0])).toBe(13);
});
