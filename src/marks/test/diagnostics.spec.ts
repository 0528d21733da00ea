import { Text } from '@codemirror/state';

import { finding } from '../../test/fake';
import { diagnostics, marked } from '../diagnostics';

jest.mock('../../server/request');

const doc = Text.of(['a = 1', 'x = "😀C:/b"  # é', '']);
const render = () => ({ actions: [] });

test('columns count characters, not UTF-16 units', () => {
  const [mark] = diagnostics(
    doc,
    [finding({ line: 2, column: 7, end_line: 2, end_column: 11 })],
    render
  );
  expect(doc.sliceString(mark.from, mark.to)).toBe('C:/b');
});

test('what the newer text no longer has is clipped or left out', () => {
  const long = finding({ line: 1, column: 3, end_line: 9, end_column: 90 });
  const gone = finding({ line: 7, end_line: 7 });
  const marks = diagnostics(doc, [gone, long], render);
  expect(marks.map(one => [one.from, one.to])).toEqual([[2, doc.length]]);
});

test.each([
  [{}, 1],
  [{ confidence: 'medium' }, 0],
  [{ severity: 'info' }, 0],
  [{ where: 'output' }, 0],
  [{ cell_id: 'other' }, 0],
  [{ severity: 'warning' }, 1]
] as const)('%j gives %s marks', (changes, count) => {
  expect(marked([finding(changes)], 'c0')).toHaveLength(count);
});
