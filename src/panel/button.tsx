import * as React from 'react';

export interface ButtonProps {
  label: string;
  onPress: () => unknown;
  /** Why it cannot be pressed now; it stays focusable and says so. */
  unavailable?: string;
  /** For those who cannot see what the button stands beside. */
  title?: string;
  main?: boolean;
  quiet?: boolean;
  /** Name by which the view gives it the focus. */
  focus?: string;
  expanded?: boolean;
  pressed?: boolean;
  className?: string;
  children?: React.ReactNode;
}

/** A real button. One that is unavailable stays where it is, keeps the focus, and says why. */
export function Button(props: ButtonProps): JSX.Element {
  const { unavailable, title } = props;
  const spoken = [title ?? props.label, unavailable].filter(Boolean).join('. ');
  const kind = props.main ? 'jp-mod-main' : props.quiet ? 'jp-mod-quiet' : '';
  return (
    <button
      type="button"
      className={['jp-Handoff-button', kind, props.className].filter(Boolean).join(' ')}
      aria-disabled={unavailable ? true : undefined}
      aria-expanded={props.expanded}
      aria-pressed={props.pressed}
      aria-label={spoken === props.label ? undefined : spoken}
      title={unavailable ?? title}
      data-focus={props.focus}
      onClick={() => {
        if (!unavailable) {
          void props.onPress();
        }
      }}
    >
      {props.children ?? props.label}
    </button>
  );
}
