import { Token } from '@lumino/coreutils';

import { Handoff } from './models/handoff';

/** What the sidebar knows, shared by the plugins that show parts of it. */
export const IHandoff = new Token<Handoff>(
  'handoff-ext:IHandoff',
  'The open notebooks as the Handoff sidebar knows them.'
);
