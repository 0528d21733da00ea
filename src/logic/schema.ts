import { askedFields } from './fields';

/** A node of a JSON schema, as far as a form needs it. */
interface Node {
  $ref?: string;
  $defs?: Record<string, Node>;
  type?: string;
  format?: string;
  enum?: string[];
  anyOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
  title?: string;
  description?: string;
}

/** One field of a form; `rows` holds the fields of each entry where there can be many. */
export interface FormField {
  field: string;
  title: string;
  description: string;
  kind: 'text' | 'lines' | 'number' | 'date' | 'choice' | 'switch' | 'rows';
  choices: string[];
  rows: FormField[];
}

export interface FormGroup {
  name: string;
  title: string;
  fields: FormField[];
}

/** Parts of the plan that nobody fills in here: columns are decided in section Inputs. */
const elsewhere: readonly string[] = ['version', 'columns', 'prefilled'];

/** All of the plan that the six questions leave out, as groups of fields, from its JSON schema. */
export function moreGroups(schema: object): FormGroup[] {
  const root = schema as Node;
  return Object.entries(root.properties ?? {})
    .filter(([name]) => !elsewhere.includes(name))
    .map(([name, raw]) => {
      const node = resolved(root, raw);
      const title = raw.title ?? node.title ?? name;
      const parts = node.properties
        ? Object.entries(node.properties).map(([key, part]) =>
            fieldOf(root, `${name}.${key}`, key, part)
          )
        : [fieldOf(root, name, name, raw)];
      return { name, title, fields: parts.filter(({ field }) => !askedFields.includes(field)) };
    })
    .filter(({ fields }) => fields.length > 0);
}

function fieldOf(root: Node, field: string, key: string, raw: Node): FormField {
  const node = resolved(root, raw);
  const items = node.items && resolved(root, node.items);
  return {
    field,
    title: raw.title ?? node.title ?? key,
    description: raw.description ?? '',
    kind: kindOf(node, items),
    choices: node.enum ?? [],
    rows: Object.entries(items?.properties ?? {}).map(([name, part]) =>
      fieldOf(root, name, name, part)
    )
  };
}

function kindOf(node: Node, items: Node | undefined): FormField['kind'] {
  if (node.type === 'array') {
    return items?.properties ? 'rows' : 'lines';
  }
  if (node.enum) {
    return 'choice';
  }
  if (node.format === 'date') {
    return 'date';
  }
  const kinds: Record<string, FormField['kind']> = {
    number: 'number',
    integer: 'number',
    boolean: 'switch'
  };
  return kinds[node.type ?? ''] ?? 'text';
}

/** The node that a reference, or a choice with null, stands for; text where it may be a number or a text. */
function resolved(root: Node, node: Node): Node {
  if (node.$ref) {
    return resolved(root, root.$defs?.[node.$ref.split('/').at(-1)!] ?? {});
  }
  const real = (node.anyOf ?? []).filter(one => one.type !== 'null');
  return real.length > 1 ? { type: 'string' } : real.length ? resolved(root, real[0]) : node;
}
