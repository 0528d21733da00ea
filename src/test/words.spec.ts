import { nullTranslator } from '@jupyterlab/translation';

import { families } from '../logic/families';
import { clock, makeWords, spans } from '../words';

const words = makeWords(nullTranslator.load('handoff_ext'));

test.each([
  [[3, 5], '3, 5'],
  [[9, 7, 8], '7-9'],
  [[1, 2, 4, 5, 6, 6], '1, 2, 4-6'],
  [[], '']
])('cells %j are written %s', (numbers, text) => {
  expect(spans(numbers)).toBe(text);
});

test.each([
  [24, '0:24'],
  [60.4, '1:00'],
  [3599.6, '60:00'],
  [-1, '0:00']
])('%s seconds are written %s', (seconds, text) => {
  expect(clock(seconds)).toBe(text);
});

test('counts have their singular', () => {
  expect(words.next.fix(1)).toBe('Fix 1 safe problem');
  expect(words.next.fix(7)).toBe('Fix 7 safe problems');
  expect(words.readiness.stale(2, 1)).toBe('Clean-machine test: v2, 1 cell changed since');
  expect(words.severityCounts(1, 7, 0)).toBe('1 Must fix, 7 Should fix');
});

test('every kind of problem has words', () => {
  expect(families.filter(family => !words.kinds[family])).toEqual([]);
});

/** Terms of the code that ux.md replaces on screen. */
const replaced =
  /\b(findings?|stages?|pipelines?|features?|locks?|rehears\w*|parity|champion|challenger|severity)\b/i;

test('no text holds a replaced term, and none is longer than 140 characters', () => {
  const texts: string[] = [];
  const collect = (node: unknown): void => {
    if (typeof node === 'string') {
      texts.push(node);
    } else if (typeof node === 'function') {
      const filler = [1, 2, 3, 4].map(() => 'x') as never[];
      try {
        texts.push(String((node as (...args: never[]) => unknown)(...filler)));
      } catch {
        // asks for something else than words and numbers: tested where it is used
      }
    } else if (node) {
      Object.values(node).forEach(collect);
    }
  };
  collect(words);
  expect(texts.length).toBeGreaterThan(150);
  expect(texts.filter(text => replaced.test(text))).toEqual([]);
  expect(texts.filter(text => text.length > 140)).toEqual([]);
});
