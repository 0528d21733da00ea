import { isStageName, stepOf, withStep } from '../steptags';

test.each([
  [['mine', 'stage:load'], { stage: 'train' }, ['mine', 'stage:train']],
  [['parameters', 'mine'], 'skip', ['mine', 'skip']],
  [['mine'], 'settings', ['mine', 'parameters']],
  [['skip', 'mine'], 'clear', ['mine']]
] as const)('tags %j with the choice %j are %j', (tags, step, result) => {
  expect(withStep([...tags], step)).toEqual(result);
});

test.each([
  [['stage:load'], { stage: 'load' }],
  [['parameters', 'stage:load'], 'settings'],
  [['skip'], 'skip'],
  [['other'], null]
])('tags %j say %j', (tags, step) => {
  expect(stepOf(tags)).toEqual(step);
});

test.each([
  ['load', true],
  ['my_step2', true],
  ['2nd', false],
  ['a b', false],
  ['', false],
  ['x'.repeat(40), false]
])('isStageName(%s) is %s', (name, fits) => {
  expect(isStageName(name)).toBe(fits);
});
