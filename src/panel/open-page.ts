import { PathExt } from '@jupyterlab/coreutils';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';

const VIEWERS: Record<string, string> = { '.md': 'Markdown Preview', '.html': 'HTML Viewer' };

/**
 * Opens a file of ours to be read, not edited. A page (card, report) has colours for light and dark and asks which are
 * preferred; what it is told is what JupyterLab's theme is, by the class (`publish.css`).
 */
export async function openPage(commands: CommandRegistry, path: string): Promise<void> {
  const factory = VIEWERS[PathExt.extname(path)];
  const opened = (await commands.execute('docmanager:open', { path, factory })) as
    Widget | undefined;
  opened?.addClass('jp-Handoff-page');
}
