import { Progress } from '../../contracts';
import { job } from '../../test/fake';
import { current, fraction, place } from '../jobs';

jest.mock('../../server/request');

const at = (
  step: string,
  part: string,
  status: Progress['status'],
  done = 0,
  total = 0
): Progress => ({
  step,
  status,
  part,
  done,
  total,
  seconds: 0,
  expected: 0,
  detail: ''
});

const running = job({
  progress: [
    at('extract', '', 'ok'),
    at('run', '', 'running'),
    at('run', 'load', 'ok', 3, 3),
    at('run', 'train', 'running', 1, 2)
  ]
});

test('a job is at the last thing that runs', () => {
  expect(current(running)?.part).toBe('train');
  expect(current(job({ progress: [at('check', '', 'ok')] }))?.step).toBe('check');
  expect(current(job())).toBeNull();
});

test('its place is counted in steps while steps run, else as the server counts', () => {
  expect(place(running, ['load', 'features', 'train'])).toEqual({
    done: 3,
    total: 3,
    stage: 'train'
  });
  expect(place(job({ progress: [at('prove', 'again', 'running', 4, 9)] }), ['load'])).toEqual({
    done: 4,
    total: 9,
    stage: ''
  });
});

test('how far it is, by time or by its steps, and never done before it is', () => {
  expect(fraction(running, 10, 40)).toBe(0.25);
  expect(fraction(running, 100, 40)).toBe(0.98);
  expect(fraction(running, 10, 0)).toBeCloseTo(4.5 / 8);
  expect(fraction(job(), 0, 0)).toBe(0);
});
