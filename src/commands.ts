/** Names of all commands. */
export namespace CommandIDs {
  export const showPanel = 'handoff:show-panel';
  export const check = 'handoff:check-notebook';
  export const fixSafe = 'handoff:fix-safe';
  export const preview = 'handoff:preview-fixes';
  export const fix = 'handoff:fix-problem';
  export const ignore = 'handoff:ignore-problem';
  export const why = 'handoff:explain-problem';
  export const nextProblem = 'handoff:next-problem';
  export const previousProblem = 'handoff:previous-problem';
  export const setStep = 'handoff:set-step';
  export const suggest = 'handoff:suggest-steps';
  export const build = 'handoff:build-steps';
  export const runAgain = 'handoff:run-all-again';
  export const openRun = 'handoff:open-run';
  export const mergeEdits = 'handoff:merge-edits';
  export const compare = 'handoff:compare';
  export const testRun = 'handoff:test-run';
  export const cancelJob = 'handoff:cancel-job';
  export const publish = 'handoff:publish';
  export const showLive = 'handoff:show-live';
  export const toggleMarks = 'handoff:toggle-marks';
  export const openExample = 'handoff:open-example';
}
