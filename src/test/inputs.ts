/** Answers about a model's inputs, for tests here and in the browser: it needs nothing but the contracts. */
import type { Features, InputsAnswer, RawColumn } from '../contracts';

export function inputs(changes: Partial<Features> = {}, problem = ''): InputsAnswer {
  const features: Features = {
    version: 1,
    level: '',
    reason: '',
    frame: 'raw',
    held_frame: '',
    answers: [],
    resampled: false,
    columns: [],
    inputs: [],
    state: [],
    joins: [],
    scope: [],
    doubts: [],
    compared_rows: 0,
    ...changes
  };
  return { missing: [], features, stale: false, problem };
}

export function column(name: string, changes: Partial<RawColumn> = {}): RawColumn {
  return {
    name,
    mark: 'same at serving',
    place: null,
    known: null,
    doubt: '',
    type: '',
    unit: '',
    alone: null,
    without: null,
    later: null,
    random: null,
    ...changes
  };
}
