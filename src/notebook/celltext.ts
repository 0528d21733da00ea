import { ICellModel, isCodeCellModel } from '@jupyterlab/cells';
import { MultilineString, IError } from '@jupyterlab/nbformat';
import { IOutputModel } from '@jupyterlab/rendermime';

import { CellText } from '../contracts';

/** No more characters of a cell's outputs travel: enough for a printed token, never a log of hours. */
export const OUTPUT_CAP = 20_000;

/** What is ignored in a cell, with the reasons: `metadata.handoff.ignore`. */
export function ignoredIn(cell: ICellModel): Record<string, string> {
  const own = cell.getMetadata('handoff') as { ignore?: Record<string, string> } | undefined;
  return typeof own?.ignore === 'object' && own.ignore ? own.ignore : {};
}

/** A cell's tags; none where the metadata holds something else. */
export function tagsOf(cell: ICellModel): string[] {
  const tags: unknown = cell.getMetadata('tags');
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [];
}

/** A cell as it travels. `output` is the text of its outputs. */
export function cellText(cell: ICellModel, output: string): CellText {
  return {
    id: cell.id,
    kind: cell.type === 'code' || cell.type === 'markdown' ? cell.type : 'raw',
    source: cell.sharedModel.getSource(),
    tags: tagsOf(cell),
    execution_count: isCodeCellModel(cell) ? cell.executionCount : null,
    output_text: output,
    ignored: ignoredIn(cell)
  };
}

/** Text of a cell's outputs, capped, without images. */
export function outputText(cell: ICellModel): string {
  if (!isCodeCellModel(cell)) {
    return '';
  }
  const { outputs } = cell;
  const parts: string[] = [];
  let length = 0;
  for (let index = 0; index < outputs.length && length < OUTPUT_CAP; index++) {
    const part = textOf(outputs.get(index));
    parts.push(part);
    length += part.length + 1;
  }
  return parts.filter(Boolean).join('\n').slice(0, OUTPUT_CAP);
}

function textOf(output: IOutputModel): string {
  if (output.type === 'stream') {
    return output.streamText?.text ?? '';
  }
  if (output.type === 'error') {
    const error = output.toJSON() as IError;
    return error.traceback?.join('\n') || `${error.ename}: ${error.evalue}`;
  }
  const plain = output.data['text/plain'] as MultilineString | undefined;
  return Array.isArray(plain) ? plain.join('') : (plain ?? '');
}
