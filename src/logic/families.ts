/** Kinds of problems, in the order in which they are shown. A rule's code begins with its family. */
export const families = ['CRED', 'PATH', 'LEAK', 'FEAT', 'STATE', 'ENV', 'PLAN'] as const;

export type Family = (typeof families)[number];

/** `PATH` of `PATH001`. */
export function familyOf(rule: string): string {
  return rule.replace(/\d+$/, '');
}
