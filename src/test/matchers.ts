import '@testing-library/jest-dom';

/** What @jupyter/ydoc's own constructors make yjs warn of. */
const known = /Add Yjs type to a document before reading data|Not same Y.Doc/;

/** Any other warning or error on the console is a failure. */
beforeEach(() => {
  for (const method of ['error', 'warn'] as const) {
    jest.spyOn(console, method).mockImplementation((...words: unknown[]) => {
      const said = words.map(String).join(' ');
      if (!known.test(said)) {
        throw new Error(`console.${method}: ${said}`);
      }
    });
  }
});
