import { finding } from '../../test/fake';
import { counts, groups, neighbour, shown } from '../problems';

jest.mock('../../server/request');

describe('groups', () => {
  it('puts leaked secrets first, what is only good to know last, and the worst row first', () => {
    const all = [
      finding({ key: 'p', rule: 'PATH001', severity: 'warning', message: 'path' }),
      finding({ key: 'i', rule: 'PATH002', severity: 'info', message: 'relative' }),
      finding({ key: 'q', rule: 'PATH001', severity: 'error', message: 'worse', cell_index: 5 }),
      finding({ key: 'c', rule: 'CRED001', message: 'password' })
    ];
    expect(groups(all).map(({ family, rows }) => [family, rows.map(row => row.key)])).toEqual([
      ['CRED', ['c']],
      ['PATH', ['q', 'p']],
      ['', ['i']]
    ]);
  });

  it('folds what one rule says in the same words into one row, in the order of the notebook', () => {
    const all = [3, 1, 2].map(cell => finding({ key: `k${cell}`, cell_index: cell }));
    const [{ rows }] = groups(all);
    expect(rows).toHaveLength(1);
    expect(rows[0].findings.map(one => one.cell_index)).toEqual([1, 2, 3]);
    expect(rows[0].key).toBe('k1');
  });
});

describe('shown', () => {
  const all = [finding({ rule: 'PATH001' }), finding({ rule: 'CRED002' })];

  it('leaves an exploration notebook in peace, but for leaked secrets', () => {
    expect(shown(all, false, () => true).map(one => one.rule)).toEqual(['CRED002']);
  });

  it('hides kinds that are switched off', () => {
    expect(shown(all, true, family => family !== 'CRED').map(one => one.rule)).toEqual(['PATH001']);
  });
});

test('counts by severity', () => {
  const all = [
    finding(),
    finding({ severity: 'warning' }),
    finding({ severity: 'info' }),
    finding()
  ];
  expect(counts(all)).toEqual({ must: 2, should: 1, good: 1 });
});

describe('neighbour', () => {
  const places = [
    finding({ key: 'a', cell_index: 1, line: 2 }),
    finding({ key: 'b', cell_index: 1, line: 4 }),
    finding({ key: 'c', cell_index: 3, line: 1 })
  ];

  it.each([
    [1, 2, true, 'b'],
    [1, null, true, 'a'],
    [3, 1, true, 'a'],
    [1, 4, false, 'a'],
    [2, null, false, 'b'],
    [0, null, false, 'c']
  ])('from cell %s, line %s, forward %s goes to %s', (cell, line, forward, key) => {
    expect(neighbour(places, cell, line, forward)?.key).toBe(key);
  });

  it('has nowhere to go without problems', () => {
    expect(neighbour([], 0, null, true)).toBeUndefined();
  });
});
