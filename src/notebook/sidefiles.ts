import { PathExt } from '@jupyterlab/coreutils';
import { Contents } from '@jupyterlab/services';

/** A text file beside the notebook, before and after lines were added. `before` is null where there was none. */
export interface FileEdit {
  path: string;
  before: string | null;
  after: string;
}

/** Add lines to text files beside the notebook, each once; the files are made where they are missing. */
export async function addLines(
  contents: Contents.IManager,
  notebook: string,
  files: Record<string, string[]>
): Promise<FileEdit[]> {
  const edits: FileEdit[] = [];
  for (const [name, lines] of Object.entries(files)) {
    const path = PathExt.join(PathExt.dirname(notebook), name);
    const before = await textOf(contents, path);
    const there = new Set((before ?? '').split('\n'));
    const fresh = lines.filter(line => !there.has(line));
    if (fresh.length) {
      const gap = before && !before.endsWith('\n') ? '\n' : '';
      const after = `${before ?? ''}${gap}${fresh.join('\n')}\n`;
      await write(contents, path, after);
      edits.push({ path, before, after });
    }
  }
  return edits;
}

/** Take added lines back, where nobody wrote to the file since. */
export async function takeBack(contents: Contents.IManager, edits: FileEdit[]): Promise<void> {
  for (const { path, before, after } of edits) {
    if ((await textOf(contents, path)) !== after) {
      continue;
    }
    if (before === null) {
      await contents.delete(path);
    } else {
      await write(contents, path, before);
    }
  }
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
