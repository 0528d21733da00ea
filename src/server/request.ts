import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { Failure } from '../contracts';

/** What the server refused, and what to do next. `status` 0: it was not reached at all. */
export class RequestError extends Error implements Failure {
  constructor(
    message: string,
    readonly hint: string,
    readonly status: number
  ) {
    super(message);
  }

  get unreachable(): boolean {
    return this.status === 0 || this.status >= 502;
  }
}

/**
 * Ask the server extension.
 *
 * @param route below `/handoff/`, with its query
 * @throws RequestError
 */
export async function requestAPI<T>(
  settings: ServerConnection.ISettings,
  route: string,
  init: RequestInit = {}
): Promise<T> {
  const url = URLExt.join(settings.baseUrl, 'handoff', route);
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(url, init, settings);
  } catch (error) {
    throw new RequestError((error as Error).message, '', 0);
  }
  const text = await response.text();
  let answer: unknown = null;
  try {
    answer = text ? JSON.parse(text) : {};
  } catch {
    answer = null;
  }
  if (response.ok && answer !== null) {
    return answer as T;
  }
  const failure = (answer ?? {}) as Partial<Failure>;
  throw new RequestError(
    failure.message || `${response.status} ${response.statusText}`,
    failure.hint ?? '',
    answer === null && response.status === 404 ? 0 : response.status
  );
}
