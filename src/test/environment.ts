/** What JupyterLab's packages expect of a browser and jsdom lacks. */
import { TextDecoder, TextEncoder } from 'util';

class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

class Drag extends Event {}

Object.assign(globalThis, {
  TextDecoder,
  TextEncoder,
  ResizeObserver: Observer,
  IntersectionObserver: Observer,
  DragEvent: Drag,
  matchMedia: () => ({
    matches: false,
    addEventListener: () => undefined,
    addListener: () => undefined
  }),
  CSS: { escape: (text: string) => text.replace(/["\\]/g, '\\$&') }
});

HTMLElement.prototype.scrollIntoView = () => undefined;

Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.resolve() } });
