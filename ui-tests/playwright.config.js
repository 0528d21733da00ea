const fs = require('fs');
const os = require('os');
const path = require('path');
const base = require('@jupyterlab/galata/lib/playwright-config');

const port = process.env.HANDOFF_UI_PORT ?? '8899';

// The server's root, its settings and its state: all new, in one temporary folder that the tests share with it.
const folder =
  process.env.HANDOFF_UI_FOLDER ?? fs.mkdtempSync(path.join(os.tmpdir(), 'handoff-ui-'));
process.env.HANDOFF_UI_FOLDER = folder;
process.env.TARGET_URL = `http://localhost:${port}`;

module.exports = {
  ...base,
  testDir: './tests',
  timeout: 240_000,
  expect: { timeout: 15_000 },
  workers: 1,
  retries: 0,
  reporter: [['list']],
  use: {
    ...base.use,
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1400, height: 900 },
    actionTimeout: 20_000,
    // These need an ffmpeg that Debian's Chromium doesn't bring.
    trace: 'off',
    video: 'off',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  webServer: {
    command: 'jlpm start',
    url: `http://localhost:${port}/lab`,
    timeout: 120_000,
    reuseExistingServer: process.env.HANDOFF_UI_REUSE === '1',
    env: {
      ...process.env,
      HANDOFF_UI_PORT: port,
      JUPYTERLAB_GALATA_ROOT_DIR: path.join(folder, 'root'),
      JUPYTER_CONFIG_DIR: path.join(folder, 'config'),
      JUPYTER_RUNTIME_DIR: path.join(folder, 'runtime')
    }
  }
};
