import { Clipboard } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { backToCell } from '../actions/jump';
import { Published } from '../contracts';
import { NotebookSession } from '../models/session';
import { Words } from '../words';
import { Button } from './button';
import { Grid } from './grid';
import { Note } from './note';
import { openPage } from './open-page';
import { Caret } from './shape';

/** The version that was handed over last: what it is, and where its papers are. */
export function Results(props: {
  session: NotebookSession;
  commands: CommandRegistry;
  published: Published;
}): JSX.Element {
  const { session, commands, published } = props;
  const { view } = session;
  const { words } = session.around;
  const { publish } = words;
  const proven = published.rehearsed && !published.draft && !published.stale_cells;
  const papers = [
    { name: publish.card, path: published.card },
    { name: publish.lock, path: published.lock },
    { name: publish.runbook, path: published.runbook }
  ].filter(({ path }) => path);
  return (
    <>
      <Note kind={proven ? 'done' : 'plain'}>{verdict(published, words)}</Note>
      {published.tested.length ? (
        <>
          <Button
            label={publish.tested}
            quiet
            className="jp-Handoff-fold"
            expanded={view.isUnfolded('tested')}
            onPress={() => view.fold('tested')}
          >
            <Caret open={view.isUnfolded('tested')} /> {publish.tested}
          </Button>
          {view.isUnfolded('tested')
            ? published.tested.map(line => (
                <p key={line} className="jp-Handoff-hint">
                  {line}
                </p>
              ))
            : null}
        </>
      ) : null}
      <Grid label={publish.results} onEscape={() => backToCell(session)}>
        <Paper
          words={words}
          name={publish.version(published.name, published.version)}
          link={published.web || published.uri}
          open={published.web ? () => window.open(published.web, '_blank', 'noopener') : null}
        />
        {papers.map(({ name, path }) => (
          <Paper
            key={name}
            words={words}
            name={name}
            link={URLExt.join(session.around.baseUrl, 'lab/tree', URLExt.encodeParts(path))}
            open={() => openPage(commands, path)}
          />
        ))}
      </Grid>
    </>
  );
}

function verdict(published: Published, { publish: words }: Words): string {
  if (published.draft) {
    return words.draftDone(published.version);
  }
  if (!published.rehearsed) {
    return words.untested(published.version);
  }
  return published.stale_cells
    ? words.changedSince(published.version, published.stale_cells)
    : words.handedOver(published.version);
}

function Paper(props: { words: Words; name: string; link: string; open: (() => unknown) | null }) {
  const { words, name, link, open } = props;
  return (
    <div role="row" className="jp-Handoff-row jp-mod-paper">
      <div role="gridcell" className="jp-Handoff-what">
        <span className="jp-Handoff-message">{name}</span>
      </div>
      <div role="gridcell" className="jp-Handoff-actions">
        {open ? (
          <Button label={words.openIt} title={words.publish.openOf(name)} onPress={open} />
        ) : null}
        <Button
          label={words.publish.copyLink}
          title={words.publish.copyLinkOf(name)}
          quiet
          onPress={() => Clipboard.copyToSystem(link)}
        />
      </div>
    </div>
  );
}
