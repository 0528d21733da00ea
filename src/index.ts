import { commands } from './plugins/commands';
import { core } from './plugins/core';
import { marks } from './plugins/marks';
import { running } from './plugins/running';
import { sidebar } from './plugins/sidebar';
import { status } from './plugins/status';
import { toasts } from './plugins/toasts';
import { toolbars } from './plugins/toolbars';

export { IHandoff } from './tokens';

export default [core, commands, sidebar, marks, toolbars, status, running, toasts];
