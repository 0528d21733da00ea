import * as React from 'react';

const STOPS = 'button, a[href]';

/**
 * A list as an ARIA layout grid: one tab stop, arrows within, Escape leaves. Where the focused row vanishes, the focus
 * goes on to the next one, and from the last one to the main button. What stands in a `data-free` part (a form inside
 * a row) keeps its ordinary tab stops.
 */
export function Grid(props: {
  label: string;
  onEscape: () => void;
  children: React.ReactNode;
}): JSX.Element {
  const grid = React.useRef<HTMLDivElement>(null);
  const roving = React.useRef<{ stop: HTMLElement | null; row: number; focused: boolean }>({
    stop: null,
    row: 0,
    focused: false
  });

  React.useLayoutEffect(() => {
    const state = roving.current;
    const rows = rowsOf(grid.current!);
    if (!state.stop?.isConnected || !rows.some(row => row.includes(state.stop!))) {
      const lost = state.focused && !grid.current!.contains(document.activeElement);
      state.stop = rows[Math.min(state.row, rows.length - 1)]?.[0] ?? null;
      if (lost) {
        (state.stop ?? mainOf(grid.current!))?.focus();
      }
    }
    rows.flat().forEach(stop => (stop.tabIndex = stop === state.stop ? 0 : -1));
  });

  React.useLayoutEffect(() => {
    const node = grid.current!;
    return () => {
      if (node.contains(document.activeElement)) {
        mainOf(node)?.focus();
      }
    };
  }, []);

  const onFocus = (event: React.FocusEvent) => {
    const rows = rowsOf(grid.current!);
    const row = rows.findIndex(stops => stops.includes(event.target as HTMLElement));
    roving.current.focused = true;
    if (row >= 0) {
      roving.current.stop = event.target as HTMLElement;
      roving.current.row = row;
      rows.flat().forEach(stop => (stop.tabIndex = stop === event.target ? 0 : -1));
    }
  };

  const onBlur = (event: React.FocusEvent) => {
    const left = event.target as HTMLElement;
    window.setTimeout(() => {
      if (left.isConnected && !grid.current?.contains(document.activeElement)) {
        roving.current.focused = false;
      }
    });
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      props.onEscape();
      return;
    }
    if ((event.target as HTMLElement).closest('[data-free]')) {
      return;
    }
    const target = moved(rowsOf(grid.current!), event.target as HTMLElement, event.key);
    if (target) {
      event.preventDefault();
      event.stopPropagation();
      target.focus();
    }
  };

  return (
    // eslint-disable-next-line jsx-a11y/interactive-supports-focus -- the focus is on the stops inside
    <div
      ref={grid}
      role="grid"
      aria-label={props.label}
      className="jp-Handoff-grid"
      onFocus={onFocus}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
    >
      {props.children}
    </div>
  );
}

/** Rows that belong together, under a name. */
export function RowGroup(props: { label: string; hidden?: boolean; children: React.ReactNode }) {
  return (
    <div role="rowgroup" aria-label={props.label} className="jp-Handoff-group">
      {props.hidden ? null : (
        <div role="row" className="jp-Handoff-groupName">
          <span role="gridcell">{props.label}</span>
        </div>
      )}
      {props.children}
    </div>
  );
}

function rowsOf(grid: HTMLElement): HTMLElement[][] {
  return [...grid.querySelectorAll('[role="row"]')]
    .map(row =>
      [...row.querySelectorAll<HTMLElement>(STOPS)].filter(
        stop => !stop.closest('[data-free]') && stop.closest('[role="row"]') === row
      )
    )
    .filter(stops => stops.length > 0);
}

function mainOf(node: HTMLElement): HTMLElement | null {
  return node.closest('.jp-Handoff')?.querySelector<HTMLElement>('[data-focus="main"]') ?? null;
}

function moved(rows: HTMLElement[][], from: HTMLElement, key: string): HTMLElement | undefined {
  const row = rows.findIndex(stops => stops.includes(from));
  const column = rows[row]?.indexOf(from) ?? -1;
  switch (key) {
    case 'ArrowDown':
      return at(rows[row + 1], column);
    case 'ArrowUp':
      return at(rows[row - 1], column);
    case 'ArrowRight':
      return rows[row]?.[column + 1];
    case 'ArrowLeft':
      return rows[row]?.[column - 1];
    case 'Home':
      return rows[0]?.[0];
    case 'End':
      return rows.at(-1)?.[0];
    default:
      return undefined;
  }
}

function at(row: HTMLElement[] | undefined, column: number): HTMLElement | undefined {
  return row?.[Math.min(column, row.length - 1)];
}
