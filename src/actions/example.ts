import { PathExt } from '@jupyterlab/coreutils';
import { Contents } from '@jupyterlab/services';

/** Where the example lies, seen from the repository and from its folder of examples. */
const places = ['example_notebooks/flight_delays', 'flight_delays'];
const name = 'flight_delays.ipynb';

/** Path of the example notebook below the server's root; empty where it is not there. */
export async function findExample(contents: Contents.IManager): Promise<string> {
  const root = await namesIn(contents, '');
  for (const place of places) {
    if (root.includes(place.split('/')[0]) && (await namesIn(contents, place)).includes(name)) {
      return PathExt.join(place, name);
    }
  }
  return '';
}

async function namesIn(contents: Contents.IManager, folder: string): Promise<string[]> {
  try {
    const answer = await contents.get(folder, { content: true });
    return (answer.content as Contents.IModel[]).map(one => one.name);
  } catch {
    return [];
  }
}
