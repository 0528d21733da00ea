// Packages that ship ES modules only and so need to be compiled.
const esm = [
  '@codemirror',
  '@jupyter',
  '@jupyterlab',
  '@marijn',
  '@microsoft',
  '@rjsf',
  'exenv-es6',
  'lib0',
  'marked',
  'nanoid',
  'uuid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
];

module.exports = {
  testEnvironment: 'jsdom',
  roots: ['<rootDir>/src'],
  testMatch: ['**/test/**/*.spec.{ts,tsx}'],
  setupFiles: ['<rootDir>/src/test/environment.ts'],
  setupFilesAfterEnv: ['<rootDir>/src/test/matchers.ts'],
  moduleNameMapper: {
    '\\.(css|less|svg)$': '<rootDir>/src/test/empty.ts'
  },
  transform: {
    '\\.[jt]sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'classic' } }
        }
      }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esm.join('|')})/)`],
  // A warning or an error on the console fails the test that caused it: see src/test/matchers.ts.
  restoreMocks: true
};
