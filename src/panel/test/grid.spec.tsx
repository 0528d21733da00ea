import { act, fireEvent, render, screen } from '@testing-library/react';
import * as React from 'react';

import { Grid } from '../grid';

function List(props: { rows: string[]; escape?: () => void }) {
  return (
    <div className="jp-Handoff">
      <button data-focus="main">main</button>
      {props.rows.length ? (
        <Grid label="list" onEscape={props.escape ?? (() => undefined)}>
          {props.rows.map(row => (
            <div role="row" key={row}>
              <button>{row}</button>
              <button>{row} more</button>
            </div>
          ))}
          <div role="row">
            <div data-free>
              <input aria-label="free" />
            </div>
          </div>
        </Grid>
      ) : null}
    </div>
  );
}

const press = (key: string) => fireEvent.keyDown(document.activeElement!, { key });
const focused = () => document.activeElement?.textContent;
const focus = (name: string) => act(() => screen.getByText(name).focus());
const stops = () =>
  screen
    .getAllByRole('button')
    .filter(one => one.tabIndex === 0)
    .map(one => one.textContent);

test('has one tab stop, which follows the focus', () => {
  render(<List rows={['a', 'b']} />);
  expect(stops()).toEqual(['main', 'a']);
  focus('b more');
  expect(stops()).toEqual(['main', 'b more']);
});

test('arrows go along rows and controls, Home and End to the ends', () => {
  render(<List rows={['a', 'b', 'c']} />);
  focus('a');
  const way = [
    'ArrowDown',
    'ArrowRight',
    'ArrowUp',
    'ArrowRight',
    'ArrowLeft',
    'End',
    'ArrowDown',
    'Home',
    'ArrowUp'
  ];
  const seen = way.map(key => {
    press(key);
    return focused();
  });
  expect(seen).toEqual(['b', 'b more', 'a more', 'a more', 'a', 'c', 'c', 'a', 'a']);
});

test('Escape leaves, from a form inside too, whose arrows stay its own', () => {
  const escape = jest.fn();
  render(<List rows={['a']} escape={escape} />);
  focus('a');
  press('Escape');
  act(() => screen.getByLabelText('free').focus());
  press('ArrowUp');
  expect(document.activeElement).toBe(screen.getByLabelText('free'));
  press('Escape');
  expect(escape).toHaveBeenCalledTimes(2);
});

test('where the focused row vanishes, the next one has the focus', () => {
  const { rerender } = render(<List rows={['a', 'b', 'c']} />);
  focus('b more');
  rerender(<List rows={['a', 'c']} />);
  expect(focused()).toBe('c');
  rerender(<List rows={['a']} />);
  expect(focused()).toBe('a');
});

test('where the list vanishes, the main button has it', () => {
  const { rerender } = render(<List rows={['a']} />);
  focus('a');
  rerender(<List rows={[]} />);
  expect(focused()).toBe('main');
});

test('a row that vanishes elsewhere takes the focus from nobody', () => {
  const { rerender } = render(<List rows={['a', 'b']} />);
  focus('main');
  rerender(<List rows={['b']} />);
  expect(focused()).toBe('main');
  expect(stops()).toEqual(['main', 'b']);
});
