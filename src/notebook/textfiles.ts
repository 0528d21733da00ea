import { IDocumentManager } from '@jupyterlab/docmanager';
import { Contents } from '@jupyterlab/services';

import { HandoffApi } from '../server/api';
import { write } from './sidefiles';

/** Text files of the server, written so that an editor which has one open stays true. */
export class TextFiles {
  constructor(
    readonly contents: Contents.IManager,
    private readonly documents: IDocumentManager | null,
    private readonly api: Pick<HandoffApi, 'variables'>
  ) {}

  /** The text in an open editor, saved or not; null where none has it open. */
  open(path: string): string | null {
    return this.context(path)?.model.toString() ?? null;
  }

  /** Write a file: through its editor where one is open. */
  async write(path: string, text: string): Promise<void> {
    const context = this.context(path);
    if (context) {
      context.model.fromString(text);
      await context.save();
    } else {
      await write(this.contents, path, text);
    }
  }

  /**
   * Write names of environment variables into `.env.example` beside a notebook, which JupyterLab itself may not write
   * because it is hidden.
   *
   * @returns those that had no line yet
   */
  async noteVariables(notebook: string, names: string[]): Promise<string[]> {
    return (await this.api.variables({ path: notebook, names, remove: false })).names;
  }

  /** Take such lines back. */
  async forgetVariables(notebook: string, names: string[]): Promise<void> {
    await this.api.variables({ path: notebook, names, remove: true });
  }

  private context(path: string) {
    const widget = path ? this.documents?.findWidget(path, null) : undefined;
    return widget ? this.documents?.contextForWidget(widget) : undefined;
  }
}
