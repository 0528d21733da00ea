import * as React from 'react';

/** A sentence of the server: what stands between backticks in it is code. */
export function Said({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split('`').map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part))}
    </>
  );
}

/** The same, where only plain text can stand. */
export function plain(text: string): string {
  return text.replace(/`/g, '');
}
