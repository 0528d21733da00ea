import { emptyPlan } from '../../test/fake';
import { answered, isEmpty, openQuestions, prefilled, valueAt, withValue } from '../fields';

jest.mock('../../server/request');

test('values are read and written by their dotted names, without changing the plan given', () => {
  const plan = withValue(emptyPlan, 'owner.name', 'Ada');
  expect(valueAt(plan, 'owner.name')).toBe('Ada');
  expect(valueAt(emptyPlan, 'owner.name')).toBe('');
  expect(valueAt(plan, 'no.such.field')).toBeUndefined();
});

test.each([
  ['', true],
  ['  ', true],
  [null, true],
  [undefined, true],
  [[], true],
  [[''], true],
  [0, false],
  [false, false],
  ['x', false]
])('isEmpty(%j) is %s', (value, empty) => {
  expect(isEmpty(value)).toBe(empty);
});

describe('prefilled answers', () => {
  const prefill = [
    { field: 'owner.name', value: 'Ada', source: 'from git' },
    { field: 'intent.decision', value: '', source: 'from cell 1' }
  ];

  it('stand where nobody answered, and are named as not edited', () => {
    const plan = prefilled(emptyPlan, prefill);
    expect(plan.owner.name).toBe('Ada');
    expect(plan.prefilled).toEqual(['owner.name']);
  });

  it('never take the place of an answer', () => {
    const plan = prefilled(withValue(emptyPlan, 'owner.name', 'Grace'), prefill);
    expect(plan.owner.name).toBe('Grace');
    expect(plan.prefilled).toEqual([]);
  });

  it('are no longer named once somebody edits them', () => {
    expect(answered(prefilled(emptyPlan, prefill), 'owner.name', 'Grace').prefilled).toEqual([]);
  });
});

test('a question is open while a field that blocks has no answer', () => {
  const missing = [
    { field: 'monitoring.tell', title: 'Tell', blocks: true },
    { field: 'owner.name', title: 'Owner', blocks: true },
    { field: 'limitations', title: 'Limitations', blocks: false }
  ];
  expect(openQuestions(emptyPlan, missing)).toEqual(['owner', 'notice']);
  expect(openQuestions(withValue(emptyPlan, 'owner.name', 'Ada'), missing)).toEqual(['notice']);
});
