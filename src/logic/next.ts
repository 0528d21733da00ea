import { Finding } from '../contracts';
import { SectionName } from '../models/view';
import { Question } from './fields';

/** The next thing to do. */
export type Next =
  | { do: 'fix'; count: number }
  | { do: 'decide'; finding: Finding }
  | { do: 'test-run' }
  | { do: 'answer'; open: Question[] }
  | { do: 'publish' }
  | { do: 'live' };

/** What the next thing to do depends on. */
export interface Standing {
  problems: Finding[];
  /** The steps ran as they are now and gave what the notebook gives, or a job is at it. */
  tested: boolean;
  open: Question[];
  /** A version is published, tested on a clean machine, not as a draft, and no cell changed since. */
  published: boolean;
}

/** The first thing that applies. */
export function nextOf({ problems, tested, open, published }: Standing): Next {
  const safe = problems.filter(finding => finding.fixable && finding.safe);
  if (safe.length) {
    return { do: 'fix', count: safe.length };
  }
  const must = problems.find(finding => finding.severity === 'error');
  if (must) {
    return { do: 'decide', finding: must };
  }
  if (!tested) {
    return { do: 'test-run' };
  }
  if (open.length) {
    return { do: 'answer', open };
  }
  return published ? { do: 'live' } : { do: 'publish' };
}

/** The section in which a thing is done. */
export const sectionOf: Record<Next['do'], SectionName> = {
  fix: 'check',
  decide: 'check',
  'test-run': 'steps',
  answer: 'publish',
  publish: 'publish',
  live: 'live'
};
