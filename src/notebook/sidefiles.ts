import { PathExt } from '@jupyterlab/coreutils';
import { Contents } from '@jupyterlab/services';

import type { TextFiles } from './textfiles';

/** Lines that a file should have, and that could not be written to it. */
export interface Refused {
  name: string;
  lines: string[];
}

/** Takes one file's added lines back, where nobody wrote to it since. */
export type TakeBack = () => Promise<void>;

/** A line that names an environment variable and gives it no value. */
const VARIABLE = /^([A-Za-z_]\w*)=$/;

/**
 * Add lines to text files beside the notebook, each once; the files are made where they are missing, and one that is
 * open in an editor gets its lines there, unsaved text and all.
 *
 * JupyterLab writes no hidden files unless its administrator allows it: names of variables go to `.env.example` through
 * our own server, anything else may be refused. That is told, not thrown, since the notebook's own change stands.
 */
export async function addLines(
  texts: TextFiles,
  notebook: string,
  files: Record<string, string[]>
): Promise<{ added: TakeBack[]; refused: Refused[] }> {
  const added: TakeBack[] = [];
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
        added.push(() => putBack(texts, path, before, after));
      } catch {
        const taken = await viaServer(texts, notebook, name, fresh);
        if (taken) {
          added.push(taken);
        } else {
          refused.push({ name, lines: fresh });
        }
      }
    }
  }
  return { added, refused };
}

/** Write names of variables through our own server; null where that is refused, or they are none. */
async function viaServer(
  texts: TextFiles,
  notebook: string,
  name: string,
  lines: string[]
): Promise<TakeBack | null> {
  const names = lines.map(line => VARIABLE.exec(line)?.[1] ?? '');
  if (name !== '.env.example' || names.includes('')) {
    return null;
  }
  try {
    const written = await texts.noteVariables(notebook, names);
    return () => texts.forgetVariables(notebook, written);
  } catch {
    return null;
  }
}

async function putBack(
  texts: TextFiles,
  path: string,
  before: string | null,
  after: string
): Promise<void> {
  if ((await current(texts, path)) !== after) {
    return;
  }
  if (before === null) {
    await texts.contents.delete(path);
  } else {
    await texts.write(path, before);
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
