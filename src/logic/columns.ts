import { Finding } from '../contracts';

const aboutColumns: readonly string[] = ['FEAT002', 'FEAT005'];

/** The problem whose fix takes a column out of the model's inputs, where the code lists it. */
export function leftOutBy(findings: readonly Finding[], column: string): Finding | undefined {
  return findings.find(
    ({ rule, fixable, message }) =>
      fixable && aboutColumns.includes(rule) && message.startsWith(`\`${column.slice(0, 30)}\``)
  );
}
