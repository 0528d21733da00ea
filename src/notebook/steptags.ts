/** Choices for a cell: papermill's `parameters`, a step by its name, left out, or nothing said. */
export type Step = 'settings' | 'skip' | 'clear' | { stage: string };

/** The steps that every menu offers, in their order. */
export const usualStages = ['load', 'features', 'train', 'evaluate'] as const;

const PREFIX = 'stage:';

/** A cell's tags once this choice is made; tags of other tools stay. */
export function withStep(tags: string[], step: Step): string[] {
  const others = tags.filter(tag => !isOurs(tag));
  if (step === 'clear') {
    return others;
  }
  const own =
    step === 'settings' ? 'parameters' : step === 'skip' ? 'skip' : `${PREFIX}${step.stage}`;
  return [...others, own];
}

/** What a cell's tags say; null where they say nothing. */
export function stepOf(tags: string[]): Exclude<Step, 'clear'> | null {
  if (tags.includes('parameters')) {
    return 'settings';
  }
  if (tags.includes('skip')) {
    return 'skip';
  }
  const tag = tags.find(one => one.startsWith(PREFIX));
  return tag ? { stage: tag.slice(PREFIX.length) } : null;
}

/** Whether a new step may have this name: it becomes part of a tag and of a file's name. */
export function isStageName(name: string): boolean {
  return /^[a-z][a-z0-9_]{0,30}$/.test(name);
}

function isOurs(tag: string): boolean {
  return tag === 'parameters' || tag === 'skip' || tag.startsWith(PREFIX);
}
