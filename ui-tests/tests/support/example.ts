import * as fs from 'fs';
import * as path from 'path';

const repository = path.resolve(__dirname, '../../..');

/** The server's root on this machine. */
export const root = path.join(process.env.HANDOFF_UI_FOLDER!, 'root');

/** Copy an example into a folder below the server's root, its data beside it as in the repository. */
export function copyExample(folder: string, name = 'flight_delays'): string {
  const source = path.join(repository, 'example_notebooks', name);
  const target = path.join(root, folder, name);
  fs.mkdirSync(target, { recursive: true });
  for (const file of [`${name}.ipynb`, `${name}.handoff.yaml`]) {
    fs.copyFileSync(path.join(source, file), path.join(target, file));
  }
  const data = path.join(root, folder, 'data');
  if (!fs.existsSync(data)) {
    // A copy: the server's cleanup would delete what a link points to.
    fs.cpSync(path.join(repository, 'example_notebooks', 'data'), data, {
      recursive: true
    });
  }
  return `${folder}/${name}/${name}.ipynb`;
}
