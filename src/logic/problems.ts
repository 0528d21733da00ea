import { Finding } from '../contracts';
import { families, familyOf } from './families';

/** Problems that one rule reports in the same words: shown as one row. */
export interface Row {
  key: string;
  findings: Finding[];
}

/** Rows of one kind. `family` is empty for those that are only good to know. */
export interface Group {
  family: string;
  rows: Row[];
}

const rank = { error: 0, warning: 1, info: 2 };

/** Problems by kind, the worst first; what is only good to know comes last, in a group of its own. */
export function groups(findings: Finding[]): Group[] {
  const known: readonly string[] = families;
  const order = (family: string) => (known.includes(family) ? known.indexOf(family) : known.length);
  const byFamily = new Map<string, Finding[]>();
  for (const finding of findings) {
    const family = finding.severity === 'info' ? '' : familyOf(finding.rule);
    byFamily.set(family, [...(byFamily.get(family) ?? []), finding]);
  }
  return [...byFamily]
    .sort(([a], [b]) => Number(a === '') - Number(b === '') || order(a) - order(b))
    .map(([family, members]) => ({ family, rows: rows(members) }));
}

function rows(findings: Finding[]): Row[] {
  const folded = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.rule}\n${finding.message}`;
    folded.set(key, [...(folded.get(key) ?? []), finding]);
  }
  return [...folded.values()]
    .map(members => members.sort(inOrder))
    .sort((a, b) => rank[a[0].severity] - rank[b[0].severity] || inOrder(a[0], b[0]))
    .map(members => ({ key: members[0].key, findings: members }));
}

/** Order of the notebook. */
export function inOrder(a: Finding, b: Finding): number {
  return a.cell_index - b.cell_index || a.line - b.line || a.column - b.column;
}

/** How many must be fixed, should be fixed, are good to know. */
export function counts(findings: Finding[]): { must: number; should: number; good: number } {
  const of = (severity: Finding['severity']) =>
    findings.filter(finding => finding.severity === severity).length;
  return { must: of('error'), should: of('warning'), good: of('info') };
}

/** Problems to show: of the kinds that are switched on; in a notebook without a model, leaked secrets only. */
export function shown(
  findings: Finding[],
  handsOver: boolean,
  shows: (family: string) => boolean
): Finding[] {
  return findings.filter(({ rule }) => {
    const family = familyOf(rule);
    return shows(family) && (handsOver || family === 'CRED');
  });
}

/**
 * The problem after (or before) a place in the notebook, going round at its end.
 *
 * @param places problems in the notebook's order
 * @param line counted from 1; null stands for the cell as a whole
 */
export function neighbour(
  places: Finding[],
  cellIndex: number,
  line: number | null,
  forward: boolean
): Finding | undefined {
  const here = line ?? (forward ? 0 : Infinity);
  const after = (one: Finding) =>
    one.cell_index > cellIndex || (one.cell_index === cellIndex && one.line > here);
  const before = (one: Finding) =>
    one.cell_index < cellIndex || (one.cell_index === cellIndex && one.line < here);
  return forward
    ? (places.find(after) ?? places[0])
    : (places.filter(before).at(-1) ?? places.at(-1));
}
