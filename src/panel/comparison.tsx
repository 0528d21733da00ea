import { ReactWidget } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import * as React from 'react';

import { Comparison } from '../contracts';
import { Words } from '../words';
import { Button } from './button';
import { Diff } from './diff';

/** A tab that says what differs, line by line, and perhaps offers to do something about it. */
export class ComparisonTab extends ReactWidget {
  constructor(
    private readonly words: Words,
    private readonly found: Comparison,
    private readonly same: string,
    private readonly action: { label: string; act: () => unknown } | null = null
  ) {
    super();
    this.addClass('jp-Handoff-preview');
  }

  protected render(): JSX.Element {
    const { summary, diff } = this.found;
    if (!summary.length) {
      return <p>{this.same}</p>;
    }
    return (
      <>
        {this.action ? (
          <div className="jp-Handoff-actions">
            <Button main focus="main" label={this.action.label} onPress={this.action.act} />
          </div>
        ) : null}
        <ul className="jp-Handoff-differences">
          {summary.map(sentence => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        {diff ? <Diff text={diff} label={this.words.check.previewLabel} /> : null}
      </>
    );
  }

  protected onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    const first = '[data-focus="main"], .jp-Handoff-diff';
    this.node.querySelector<HTMLElement>(first)?.focus();
  }
}
