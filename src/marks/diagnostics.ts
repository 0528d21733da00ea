import { Action, Diagnostic } from '@codemirror/lint';
import { Text } from '@codemirror/state';

import { Finding } from '../contracts';

/** Problems that are certain enough, and grave enough, to be marked in a cell's text. */
export function marked(findings: Finding[], cellId: string): Finding[] {
  return findings.filter(
    ({ cell_id, where, severity, confidence }) =>
      cell_id === cellId && where === 'source' && severity !== 'info' && confidence === 'high'
  );
}

/** Marks for an editor's text; what lies outside of it, because the text is newer, is clipped. */
export function diagnostics(
  doc: Text,
  findings: Finding[],
  render: (finding: Finding) => Pick<Diagnostic, 'renderMessage'> & { actions: Action[] }
): Diagnostic[] {
  return findings
    .filter(finding => finding.line <= doc.lines)
    .map(finding => {
      const from = offset(doc, finding.line, finding.column);
      const to = Math.max(from, offset(doc, finding.end_line, finding.end_column));
      return {
        from,
        to,
        severity: finding.severity === 'error' ? ('error' as const) : ('warning' as const),
        message: finding.message,
        markClass: 'jp-Handoff-mark',
        ...render(finding)
      };
    })
    .sort((a, b) => a.from - b.from);
}

/** Position in the text of a line and a column counted from 1, in characters (not UTF-16 units). */
function offset(doc: Text, line: number, column: number): number {
  const { from, text } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const before = Array.from(text)
    .slice(0, Math.max(column - 1, 0))
    .join('');
  return from + before.length;
}
