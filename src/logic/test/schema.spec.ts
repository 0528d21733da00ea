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
    owner: { $ref: '#/$defs/Owner' },
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
