import { PathExt } from '@jupyterlab/coreutils';
import { Contents } from '@jupyterlab/services';

import type { TextFiles } from './textfiles';

/** A text file beside the notebook, before and after lines were added. `before` is null where there was none. */
export interface FileEdit {
  path: string;
  before: string | null;
  after: string;
}

/** Lines that a file should have, and that could not be written to it. */
export interface Refused {
  name: string;
  lines: string[];
}

/**
 * Add lines to text files beside the notebook, each once; the files are made where they are missing, and one that is
 * open in an editor gets its lines there, unsaved text and all.
 *
 * JupyterLab writes no hidden files unless its administrator allows it, so a file may be refused: that is told, not
 * thrown, since the notebook's own change stands.
 */
export async function addLines(
  texts: TextFiles,
  notebook: string,
  files: Record<string, string[]>
): Promise<{ edits: FileEdit[]; refused: Refused[] }> {
  const edits: FileEdit[] = [];
  const refused: Refused[] = [];
  for (const [name, lines] of Object.entries(files)) {
    const path = PathExt.join(PathExt.dirname(notebook), name);
    const before = await current(texts, path);
    const there = new Set((before ?? '').split('\n'));
    const fresh = lines.filter(line => !there.has(line));
    if (fresh.length) {
      const gap = before && !before.endsWith('\n') ? '\n' : '';
      const after = `${before ?? ''}${gap}${fresh.join('\n')}\n`;
      try {
        await texts.write(path, after);
        edits.push({ path, before, after });
      } catch {
        refused.push({ name, lines: fresh });
      }
    }
  }
  return { edits, refused };
}

/** Take added lines back, where nobody wrote to the file since. */
export async function takeBack(texts: TextFiles, edits: FileEdit[]): Promise<void> {
  for (const { path, before, after } of edits) {
    if ((await current(texts, path)) !== after) {
      continue;
    }
    if (before === null) {
      await texts.contents.delete(path);
    } else {
      await texts.write(path, before);
    }
  }
}

/** A file's text as its editor has it, else as it is stored. */
async function current(texts: TextFiles, path: string): Promise<string | null> {
  return texts.open(path) ?? (await textOf(texts.contents, path));
}

/** A text file's content; null where there is none. */
export async function textOf(contents: Contents.IManager, path: string): Promise<string | null> {
  try {
    const file = await contents.get(path, { type: 'file', format: 'text', content: true });
    return file.content as string;
  } catch (error) {
    if ((error as { response?: Response }).response?.status === 404) {
      return null;
    }
    throw error;
  }
}

/** Write a text file through JupyterLab, so that an editor that has it open knows. */
export async function write(
  contents: Contents.IManager,
  path: string,
  content: string
): Promise<void> {
  await contents.save(path, { type: 'file', format: 'text', content });
}
