import { ReactWidget } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import * as React from 'react';

import { Words } from '../words';
import { Button } from './button';
import { Diff } from './diff';

/** A tab with the changes that fixing would make, and the button that makes them. */
export class Preview extends ReactWidget {
  constructor(
    private readonly words: Words,
    private readonly diff: string,
    private readonly apply: () => Promise<void>
  ) {
    super();
    this.addClass('jp-Handoff-preview');
  }

  protected render(): JSX.Element {
    const words = this.words.check;
    return this.diff ? (
      <>
        <div className="jp-Handoff-actions">
          <Button main focus="main" label={words.apply} onPress={this.apply} />
        </div>
        <Diff text={this.diff} label={words.previewLabel} />
      </>
    ) : (
      <p>{words.previewEmpty}</p>
    );
  }

  protected onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.node.querySelector<HTMLElement>('[data-focus="main"]')?.focus();
  }
}
