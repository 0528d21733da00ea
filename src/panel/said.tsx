import * as React from 'react';

/** A sentence of the server: what stands between backticks in it is code. */
export function Said({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split('`').map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part))}
    </>
  );
}

/** What happened and what to do next, as two sentences. */
export function told({ message, hint }: { message: string; hint: string }): string {
  const first = /[.!?…]$/.test(message) ? message : `${message}.`;
  return hint ? `${first} ${hint}` : first;
}

/** A sentence, where only plain text can stand. */
export function plain(text: string): string {
  return text.replace(/`/g, '');
}
