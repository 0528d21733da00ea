import planSchema from '../../test/plan-schema.json';
import { askedFields, placeOf } from '../fields';
import { moreGroups } from '../schema';

const schema = {
  $defs: {
    Note: {
      type: 'object',
      properties: { what: { type: 'string', title: 'What' }, why: { type: 'string' } }
    },
    Use: {
      type: 'object',
      title: 'Use',
      properties: {
        users: { type: 'array', items: { type: 'string' }, title: 'Users' },
        often: {
          anyOf: [{ enum: ['daily', 'weekly'], type: 'string' }, { type: 'null' }],
          title: 'Often'
        },
        limit: { anyOf: [{ type: 'number' }, { type: 'null' }] },
        on: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
        really: { type: 'boolean' }
      }
    },
    Owner: { type: 'object', properties: { name: { type: 'string' } } }
  },
  properties: {
    version: { const: 1 },
    owner: { $ref: '#/$defs/Owner', title: 'Owner' },
    intended_use: { $ref: '#/$defs/Use', title: 'Intended use', description: 'For whom.' },
    decisions: { type: 'array', items: { $ref: '#/$defs/Note' }, title: 'Decisions taken' }
  }
};

test('the optional parts become groups of fields; questions asked elsewhere do not', () => {
  const groups = moreGroups(schema);
  expect(groups.map(group => group.title)).toEqual(['Intended use', 'Decisions taken']);
  expect(groups[0].fields.map(field => [field.field, field.kind, field.choices])).toEqual([
    ['intended_use.users', 'lines', []],
    ['intended_use.often', 'choice', ['daily', 'weekly']],
    ['intended_use.limit', 'number', []],
    ['intended_use.on', 'date', []],
    ['intended_use.really', 'switch', []]
  ]);
  const [notes] = groups[1].fields;
  expect([notes.field, notes.kind, notes.rows.map(part => part.title)]).toEqual([
    'decisions',
    'rows',
    ['What', 'why']
  ]);
});

test('every field of a plan has its place in the form, each one once', () => {
  const defs = planSchema.$defs as Record<string, { properties: object }>;
  const every = Object.entries(planSchema.properties)
    .filter(([name]) => !['version', 'columns', 'prefilled'].includes(name))
    .flatMap(([name, part]) => {
      const kind = '$ref' in part ? part.$ref.split('/').at(-1)! : '';
      return kind ? Object.keys(defs[kind].properties).map(key => `${name}.${key}`) : [name];
    });
  const more = moreGroups(planSchema).flatMap(group => group.fields);
  expect([...askedFields, ...more.map(({ field }) => field)].sort()).toEqual(every.sort());
  const kinds = Object.fromEntries(more.map(({ field, kind }) => [field, kind]));
  expect(kinds['thresholds.escalate_when']).toBe('text');
  expect(kinds['monitoring.watch']).toBe('rows');
  expect(kinds['check_in']).toBe('date');
  expect(kinds['retraining.automatic']).toBe('switch');
  const [rules] = more.filter(({ field }) => field === 'fallback.rules');
  expect(rules.rows.map(({ field, kind }) => [field, kind])).toEqual([
    ['column', 'text'],
    ['equals', 'text'],
    ['at_least', 'number'],
    ['answer', 'text']
  ]);
});

test('an answer is looked for among the questions, or in the optional parts', () => {
  expect(placeOf('monitoring.check_every')).toEqual({ focus: 'question:notice', more: false });
  expect(placeOf('monitoring.watch')).toEqual({ focus: 'field:monitoring.watch', more: true });
  expect(placeOf('operation.cost')).toEqual({ focus: 'field:operation.cost', more: true });
});
