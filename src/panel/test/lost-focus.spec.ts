import { LostFocus } from '../lost-focus';

const turn = () => new Promise(done => window.setTimeout(done));

describe('LostFocus', () => {
  let node: HTMLElement;
  let lost: jest.Mock;
  let watcher: LostFocus;
  const [inside, outside] = [0, 1].map(() => document.createElement('button'));

  beforeEach(() => {
    node = document.createElement('div');
    document.body.replaceChildren(node, outside);
    node.append(inside);
    lost = jest.fn();
    watcher = new LostFocus(node, lost);
  });

  afterEach(() => watcher.dispose());

  it('tells when the focused element is taken away', async () => {
    inside.focus();
    inside.remove();
    await turn();
    expect(lost).toHaveBeenCalledTimes(1);
  });

  it('is silent when the focus went elsewhere before', async () => {
    inside.focus();
    outside.focus();
    await turn();
    inside.remove();
    await turn();
    expect(lost).not.toHaveBeenCalled();
  });

  it('is silent where something else gave the focus on', async () => {
    inside.focus();
    inside.remove();
    outside.focus();
    await turn();
    expect(lost).not.toHaveBeenCalled();
  });
});
