import { MissingField, Plan, Prefill } from '../contracts';

/** A plan's value by its dotted name (`owner.name`). */
export function valueAt(plan: Plan, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | null)?.[key], plan);
}

/** The plan with one value changed; the plan given stays as it was. */
export function withValue(plan: Plan, field: string, value: unknown): Plan {
  return set(plan, field.split('.'), value) as Plan;
}

/** Whether nobody answered here. */
export function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') {
    return value.trim() === '';
  }
  return value === null || value === undefined || (Array.isArray(value) && value.every(isEmpty));
}

/** The plan with suggested answers where there are none; each is listed in `prefilled` until somebody edits it. */
export function prefilled(plan: Plan, prefill: Prefill[]): Plan {
  return prefill
    .filter(({ field, value }) => isEmpty(valueAt(plan, field)) && !isEmpty(value))
    .reduce(
      (filled, { field, value }) => ({
        ...withValue(filled, field, value),
        prefilled: [...filled.prefilled.filter(one => one !== field), field]
      }),
      plan
    );
}

/** The plan with an answer that a person gave. */
export function answered(plan: Plan, field: string, value: unknown): Plan {
  const edited = withValue(plan, field, value);
  return { ...edited, prefilled: edited.prefilled.filter(one => one !== field) };
}

/** The six questions, each with the part of the plan that holds its answer. */
export const questions = {
  owner: 'owner',
  decision: 'intent',
  limits: 'limitations',
  threshold: 'thresholds',
  fallback: 'fallback',
  notice: 'monitoring'
} as const;

export type Question = keyof typeof questions;

/** Fields of these parts that the six questions ask for, and those that the owner's acceptance fills. */
export const askedFields: readonly string[] = [
  'owner.name',
  'owner.contact',
  'owner.accepted_on',
  'owner.accepted_by',
  'owner.accepted_as',
  'intent.problem',
  'intent.decision',
  'intent.good_outcome',
  'limitations',
  'thresholds.decision',
  'thresholds.why',
  'thresholds.normal_low',
  'thresholds.normal_high',
  'fallback.kind',
  'fallback.value',
  'monitoring.check_every',
  'monitoring.truth_after_days',
  'monitoring.tell'
];

/** The `data-focus` of the place in the form where a field is answered. */
export function placeOf(field: string): { focus: string; more: boolean } {
  const part = field.split('.')[0];
  const question = (Object.keys(questions) as Question[]).find(key => questions[key] === part);
  return question && askedFields.includes(field)
    ? { focus: `question:${question}`, more: false }
    : { focus: `field:${field}`, more: true };
}

/** Fields that publishing waits for and that have no answer yet. */
export function blocking(plan: Plan, missing: MissingField[]): MissingField[] {
  return missing.filter(({ field, blocks }) => blocks && isEmpty(valueAt(plan, field)));
}

/** Questions that publishing waits for, in their order. */
export function openQuestions(plan: Plan, missing: MissingField[]): Question[] {
  const parts = new Set(blocking(plan, missing).map(({ field }) => field.split('.')[0]));
  return (Object.keys(questions) as Question[]).filter(question => parts.has(questions[question]));
}

function set(node: unknown, [key, ...rest]: string[], value: unknown): unknown {
  const record = (node ?? {}) as Record<string, unknown>;
  return { ...record, [key]: rest.length ? set(record[key], rest, value) : value };
}
