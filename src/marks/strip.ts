import { Panel } from '@codemirror/view';
import { CommandRegistry } from '@lumino/commands';

import { CellStep } from '../contracts';
import { NotebookSession } from '../models/session';
import { selectedCells } from '../actions/stepping';
import { openStepMenu } from './step-menu';

/** Colours of the bars: those in which the theme writes code. */
const colours = ['keyword', 'def', 'string', 'operator', 'comment', 'bracket', 'atom'];

/** The strip above a stepped cell: "2 Prepare", dashed until a suggestion is kept. A click opens the menu of steps. */
export function strip(
  session: NotebookSession,
  commands: CommandRegistry,
  step: CellStep,
  number: number
): Panel {
  const { steps: words } = session.around.words;
  const row = session.steps.rows.find(({ stage }) => stage === step.stage);
  const title = row?.title ?? words.menu.settings;
  const dom = document.createElement('div');
  dom.className = `jp-Handoff-strip${step.suggested ? ' jp-mod-suggested' : ''}`;
  dom.style.setProperty(
    '--jp-handoff-bar',
    `var(--jp-mirror-editor-${colours[Math.max(number - 1, 0) % colours.length]}-color)`
  );
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = number ? `${number} ${title}` : title;
  button.title = [words.strip(button.textContent, step.suggested), step.reason]
    .filter(Boolean)
    .join(' ');
  button.setAttribute('aria-haspopup', 'menu');
  button.addEventListener('mousedown', event => event.stopPropagation());
  let selected: string[] | undefined;
  button.addEventListener('pointerdown', () => (selected = selectedCells(session)));
  button.addEventListener('click', () => {
    openStepMenu(commands, session, button, step.cell_id, selected);
    selected = undefined;
  });
  dom.append(button);
  if (step.suggested) {
    const word = document.createElement('span');
    word.textContent = words.suggestedWord;
    dom.append(word);
  }
  return { dom, top: true };
}
