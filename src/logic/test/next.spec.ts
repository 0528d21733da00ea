import { finding } from '../../test/fake';
import { nextOf, Standing } from '../next';

jest.mock('../../server/request');

const done: Standing = { problems: [], tested: true, open: [], published: true };
const safe = finding({ key: 'safe' });
const unsafe = finding({ key: 'unsafe', safe: false });
const warning = finding({ severity: 'warning', fixable: false, safe: false });

test.each<[string, Partial<Standing>, object]>([
  ['safe fixes first', { problems: [unsafe, safe], tested: false }, { do: 'fix', count: 1 }],
  [
    'then what only a person can decide',
    { problems: [warning, unsafe], tested: false },
    { do: 'decide', finding: unsafe }
  ],
  [
    'then the test run, whatever should be fixed',
    { problems: [warning], tested: false, open: ['owner'] },
    { do: 'test-run' }
  ],
  [
    'then the questions',
    { open: ['owner', 'limits'], published: false },
    { do: 'answer', open: ['owner', 'limits'] }
  ],
  ['then publishing', { published: false }, { do: 'publish' }],
  ['at last, watching', {}, { do: 'live' }]
])('%s', (_, standing, next) => {
  expect(nextOf({ ...done, ...standing })).toEqual(next);
});
