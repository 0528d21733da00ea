const actual = jest.requireActual<typeof import('../request')>('../request');

/** The network, answered by the tests. */
export const requestAPI = jest.fn();
export const { RequestError } = actual;
