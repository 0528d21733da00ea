import { LabIcon } from '@jupyterlab/ui-components';

/** A notebook leaving to the right, for whoever comes next. */
export const handoffIcon = new LabIcon({
  name: 'handoff-ext:handoff',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <path d="M4 3h9a2 2 0 0 1 2 2v3h-2V5H6v14h7v-3h2v3a2 2 0 0 1-2 2H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z"/>
    <path d="M17.6 7.4 22.2 12l-4.6 4.6-1.4-1.4 2.2-2.2H9v-2h9.4l-2.2-2.2z"/>
  </g>
</svg>`
});

/** Three bars, one after the other: the steps of a notebook. */
export const stepIcon = new LabIcon({
  name: 'handoff-ext:step',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M3 4h8v4H3zm5 6h8v4H8zm5 6h8v4h-8z"/>
</svg>`
});
