import { TranslationBundle } from '@jupyterlab/translation';

import { Join } from './contracts';
import { Family } from './logic/families';

/** Everything the sidebar says. Nothing else in the front end holds text for people. */
export function makeWords(trans: TranslationBundle) {
  const kinds: Record<Family, string> = {
    CRED: trans.__('Passwords and keys'),
    PATH: trans.__('Paths on your computer'),
    LEAK: trans.__('Answers that leak into training'),
    FEAT: trans.__('Model inputs'),
    STATE: trans.__('Order of cells'),
    ENV: trans.__('Packages'),
    PLAN: trans.__('Missing for whoever comes next')
  };
  const titles = {
    check: trans.__('Check'),
    steps: trans.__('Steps'),
    inputs: trans.__('Inputs'),
    publish: trans.__('Publish'),
    live: trans.__('Live')
  };
  return {
    kinds: kinds as Record<string, string | undefined>,
    titles,
    app: trans.__('Handoff'),
    open: trans.__('Hand off'),
    openCaption: (count: number) =>
      count
        ? trans._n(
            'Hand off: %1 problem must be fixed',
            'Hand off: %1 problems must be fixed',
            count
          )
        : trans.__('Hand off: see what ties this notebook to this computer'),
    severity: {
      error: trans.__('Must fix'),
      warning: trans.__('Should fix'),
      info: trans.__('Good to know')
    },
    place: (cell: number, line: number) => trans.__('cell %1, line %2', cell, line),
    cell: (cell: number) => trans.__('cell %1', cell),
    lines: (cell: number, lines: number[]) => trans.__('cell %1, lines %2', cell, spans(lines)),
    inOutput: (cell: number) => trans.__('output of cell %1', cell),
    cells: (numbers: number[]) =>
      new Set(numbers).size === 1
        ? trans.__('cell %1', numbers[0])
        : trans.__('cells %1', spans(numbers)),
    wholeNotebook: trans.__('whole notebook'),
    time: clock,
    hour: (time: Date) => time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }),
    languageName: (language: string) => languages[language.toLowerCase()] ?? language,
    copy: trans.__('Copy'),
    copied: trans.__('Copied.'),
    cancel: trans.__('Cancel'),
    close: trans.__('Close'),
    tryAgain: trans.__('Try again'),
    undo: trans.__('Undo'),
    show: trans.__('Show'),
    openIt: trans.__('Open'),
    more: trans.__('More actions'),
    moreFor: (what: string) => trans.__('More actions: %1', what),
    showMore: (count: number) => trans.__('Show %1 more', count),
    showLess: trans.__('Show fewer'),

    empty: {
      noNotebook: trans.__('Open a notebook to see what ties it to this computer.'),
      openExample: trans.__('Open example'),
      language: (language: string) => trans.__('In %1. Only Python is checked.', language),
      trainsNoModel: trans.__('Trains no model: nothing to hand over.'),
      itDoes: trans.__('It does'),
      lacks: (kernel: string, lacking: string[]) =>
        trans.__('Kernel %1 lacks %2. Run:', kernel, lacking.join(', ')),
      unreachable: (since: string) =>
        since ? trans.__('Server unreachable; as of %1.', since) : trans.__('Server unreachable.'),
      loading: trans.__('Opening the notebook...')
    },

    readiness: {
      ready: (done: number) => trans.__('%1 of 5 ready', done),
      list: trans.__('Readiness'),
      checking: trans.__('Problems: checking'),
      noProblems: trans.__('Problems: none'),
      unread: (cells: number) =>
        trans._n(
          'Problems: %1 cell does not parse',
          'Problems: %1 cells do not parse',
          cells,
          cells
        ),
      problems: (counts: string) => trans.__('Problems: %1', counts),
      noSteps: trans.__('Steps: none yet'),
      suggested: (count: number) => trans.__('Steps: %1 suggested', count),
      untested: (count: number) => trans.__('Steps: %1, untested', count),
      changed: (count: number) => trans.__('Steps: %1, changed since the test', count),
      tested: (count: number) => trans.__('Steps: %1, same result', count),
      different: trans.__('Steps: result differs'),
      inputs: trans.__('Inputs: not traced'),
      inputsTraced: (count: number) => trans.__('Inputs: %1, not compared', count),
      inputsToDecide: (count: number) => trans.__('Inputs: %1 to decide', count),
      inputsSame: trans.__('Inputs: same answers live'),
      questions: (done: number) => trans.__('Questions: %1 of 6', done),
      notDone: trans.__('Clean-machine test: not done'),
      passed: (version: number) => trans.__('Clean-machine test: passed, v%1', version),
      stale: (version: number, cells: number) =>
        trans._n(
          'Clean-machine test: v%2, %1 cell changed since',
          'Clean-machine test: v%2, %1 cells changed since',
          cells,
          version
        ),
      untestedVersion: (version: number) => trans.__('Clean-machine test: v%1 untested', version),
      state: {
        ready: trans.__('ready'),
        blocked: trans.__('blocks'),
        open: trans.__('open')
      }
    },

    severityCounts: (must: number, should: number, good: number) =>
      [
        must ? trans.__('%1 Must fix', must) : '',
        should ? trans.__('%1 Should fix', should) : '',
        good ? trans.__('%1 Good to know', good) : ''
      ]
        .filter(Boolean)
        .join(', '),

    next: {
      fix: (count: number) => trans._n('Fix %1 safe problem', 'Fix %1 safe problems', count),
      decide: (message: string) => trans.__('Decide: %1', message),
      testRun: trans.__('Test run'),
      answer: (count: number) => trans._n('Answer %1 question', 'Answer %1 questions', count),
      publish: trans.__('Publish'),
      live: trans.__('Open Live'),
      preview: trans.__('Preview'),
      waiting: trans.__('Wait for the job, or cancel it.'),
      checking: trans.__('Wait for the check.')
    },

    check: {
      list: trans.__('Problems'),
      none: (cells: number) =>
        trans._n('No problems in %1 cell.', 'No problems in %1 cells.', cells),
      clear: (ignored: number) => trans.__('All clear. %1 ignored.', ignored),
      loading: trans.__('Checking...'),
      fixing: trans.__('Fixing...'),
      unparsable: (cell: number, line: number, checked: number) =>
        trans.__('Cell %1 does not parse (line %2); %3 checked.', cell, line, checked),
      group: (kind: string, count: number) => trans.__('%1 (%2)', kind, count),
      goodToKnow: (count: number) => trans.__('Good to know (%1)', count),
      ignored: (count: number) => trans.__('Ignored (%1)', count),
      fixed: (count: number) => trans.__('Fixed (%1)', count),
      fix: trans.__('Fix'),
      fixWhat: (what: string) => trans.__('Fix: %1', what),
      putBack: trans.__('Put back'),
      putBackWhat: (what: string) => trans.__('Put back: %1', what),
      ignoreHere: trans.__('Ignore here'),
      ignoreEverywhere: trans.__('Ignore everywhere'),
      why: trans.__('Why'),
      details: (what: string) => trans.__('Why: %1', what),
      reason: trans.__('Why? (shown on the card)'),
      reasonNeeded: trans.__('A reason is needed for what must be fixed.'),
      ignore: trans.__('Ignore'),
      unignore: trans.__('Check again'),
      fixedToast: (count: number) => trans._n('%1 problem fixed.', '%1 problems fixed.', count),
      ignoredToast: trans.__('Ignored.'),
      addLines: (file: string, lines: string) => trans.__('Add to %1 yourself: `%2`', file, lines),
      nothingFixed: trans.__('Nothing changed: these cells were edited meanwhile. Try again.'),
      skipped: (count: number) =>
        trans._n(
          '%1 cell was edited meanwhile and left as it is.',
          '%1 cells were edited meanwhile and left as they are.',
          count
        ),
      previewTitle: (name: string) => trans.__('Fixes of %1', name),
      apply: trans.__('Apply'),
      previewEmpty: trans.__('Nothing left to fix here.'),
      previewLabel: trans.__('Changes, line by line'),
      noMoreProblems: trans.__('No problems to go to.')
    },

    steps: {
      status: (count: number, suggested: boolean) =>
        count ? (suggested ? trans.__('%1, suggested', count) : String(count)) : '',
      list: trans.__('Steps'),
      empty: trans.__('No steps found. Choose one on a cell.'),
      loading: trans.__('Reading data flow...'),
      suggested: (count: number, left: number) =>
        trans.__('%1 suggested, %2 left out', count, left),
      kept: (count: number, left: number) =>
        trans._n('%1 step, %2 left out', '%1 steps, %2 left out', count, left),
      running: (done: number, total: number, part: string, time: string) =>
        trans.__('Step %1 of %2, %3, %4', done, total, part, time),
      needed: (count: number) => trans.__('+%1 needed', count),
      neededWhy: (count: number, reason: string) => trans.__('+%1 needed: %2', count, reason),
      leftOut: trans.__('Left out'),
      leftOutCells: (count: number) =>
        trans._n('%1 cell (only looks)', '%1 cells (only look)', count),
      model: trans.__('Model'),
      modelIn: (name: string, cell: number) => trans.__('%1, cell %2', name, cell),
      suggest: trans.__('Suggest'),
      keep: trans.__('Keep suggestions'),
      makeAgain: (name: string) => trans.__('Make %1 again in each step', name),
      againToast: (name: string) => trans.__('Each step makes %1 itself.', name),
      runAgain: trans.__('Test run'),
      checkKernel: trans.__('Check against the running kernel'),
      checkKernelWhy: trans.__(
        'Check against the running kernel: asks it for types, sizes and what variables share. Changes nothing.'
      ),
      doubted: (count: number) =>
        trans._n(
          'The running kernel raises %1 doubt, beside its step.',
          'The running kernel raises %1 doubts, beside their steps.',
          count
        ),
      undoubted: (count: number) =>
        trans._n(
          'The running kernel: %1 variable that steps hand on, nothing against it.',
          'The running kernel: %1 variables that steps hand on, nothing against them.',
          count
        ),
      unmade: (names: string) =>
        trans.__('Not made there yet: %1. Run the notebook to check them too.', names),
      moreOf: trans.__('More actions: Steps'),
      buildOnly: trans.__('Build only'),
      allAgain: trans.__('Run all again'),
      mergeEdits: trans.__('Merge my edits'),
      edited: trans.__('edited by you'),
      editsTitle: (name: string) => trans.__('My edits of %1', name),
      noEdits: trans.__('No step was edited by hand.'),
      openRun: trans.__('Open run'),
      openRunOf: (step: string) => trans.__('Open run: %1', step),
      same: (metric: string, value: string) =>
        trans.__('Same result: %1 %2 in both.', metric, value),
      sameValues: (count: number) =>
        trans._n('Same result: %1 value compared.', 'Same result: %1 values compared.', count),
      different: (reason: string) => trans.__('Result differs: %1', reason),
      metric: trans.__('Metric'),
      inNotebook: trans.__('Notebook'),
      inSteps: trans.__('Steps'),
      keptToast: trans.__('Suggested steps kept as tags.'),
      failed: (step: string, where: string, error: string) =>
        where
          ? trans.__('%1 failed in %2: %3', step, where, error)
          : trans.__('%1 failed: %2', step, error),
      goToCell: trans.__('Go to cell'),
      again: trans.__('Run again'),
      unchanged: trans.__('unchanged'),
      seconds: (seconds: number) =>
        trans.__('%1 s', seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)),
      setStep: trans.__('Set step'),
      suggestedWord: trans.__('suggested'),
      strip: (title: string, suggested: boolean) =>
        suggested
          ? trans.__('%1: suggested step. Change.', title)
          : trans.__('%1: step. Change.', title),
      toolbar: trans.__('Set the step of this cell'),
      menu: {
        settings: trans.__('Settings'),
        load: trans.__('Load'),
        features: trans.__('Prepare'),
        train: trans.__('Train'),
        evaluate: trans.__('Evaluate'),
        skip: trans.__('Leave out'),
        clear: trans.__('Clear'),
        new: trans.__('New...')
      },
      newName: trans.__('Name of the new step'),
      newNameAdd: trans.__('Set step'),
      newNameWrong: trans.__('Letters, digits and _ only.')
    },

    inputs: {
      empty: trans.__('Known after the test run.'),
      loading: trans.__('Tracing columns...'),
      doubt: trans.__('To decide'),
      doubts: trans.__('Inputs to decide'),
      columns: trans.__('Columns of a row'),
      inputs: trans.__('Model inputs'),
      joins: trans.__('Joined tables'),
      table: {
        lookup: trans.__('Keep with the model'),
        'with the row': trans.__('Comes with the row')
      },
      joined: (join: Join, said: Join['kept'] | null) => {
        const table = trans.__('`%1`, by %2', join.table, join.keys.join(', '));
        if (said && said !== join.kept) {
          return said === 'lookup'
            ? trans.__('%1: kept with the model from the next test run', table)
            : trans.__('%1: comes with each row from the next test run', table);
        }
        if (join.kept === 'with the row') {
          return trans.__('%1: comes with each row (%2)', table, join.columns.join(', '));
        }
        return join.kept
          ? trans.__(
              '%1: kept with the model as read on %2, %3 rows, hash %4',
              table,
              join.as_of || '-',
              join.rows.toLocaleString('en'),
              join.sha256.slice(0, 12)
            )
          : trans.__('%1: where it comes from is known after the test run', table);
      },
      status: (count: number) => (count ? trans.__('%1 to decide', count) : ''),
      toDecide: (count: number) => trans._n('%1 input to decide.', '%1 inputs to decide.', count),
      fine: (count: number) => trans.__('%1 fine', count),
      leaveOut: trans.__('Leave out'),
      keepIt: trans.__('Keep...'),
      keep: trans.__('Keep'),
      keepWhy: trans.__('Why is it known? (shown on the card)'),
      keepNeeded: trans.__('A reason is needed.'),
      unknown: trans.__('Not known yet'),
      badInput: trans.__('Bad input...'),
      badInputOf: (column: string) => trans.__('When `%1` is', column),
      bad: {
        missing: trans.__('not sent'),
        null: trans.__('null'),
        not_a_number: trans.__('NaN'),
        infinite: trans.__('infinite'),
        mistyped: trans.__('of another type'),
        unseen: trans.__('never seen'),
        out_of_range: trans.__('out of range')
      },
      outcome: {
        reject: trans.__('Refuse the row'),
        impute: trans.__('Fill in as in training'),
        flag: trans.__('Answer and mark it')
      },
      usualOutcome: (refused: boolean) =>
        refused ? trans.__('As usual: refused') : trans.__('As usual: marked'),
      of: (what: string, column: string) => trans.__('%1: %2', what, column),
      noLine: trans.__('No line of its own.'),
      same: (rows: number) =>
        trans.__('Same answers live as in training, %1 rows.', rows.toLocaleString('en')),
      stale: trans.__('Notebook changed since the test run.'),
      origin: {
        'raw column': (name: string) => trans.__('%1: as it is', name),
        derived: (name: string, from: string) =>
          from ? trans.__('%1: from %2', name, from) : trans.__('%1: computed', name),
        'fitted state': (name: string, from: string) =>
          from
            ? trans.__('%1: from %2, with what training learned', name, from)
            : trans.__('%1: with what training learned', name),
        constant: (name: string) => trans.__('%1: always the same', name)
      }
    },

    publish: {
      status: (done: number) => trans.__('%1 of 6', done),
      empty: trans.__('Six questions, one minute.'),
      allAnswered: trans.__('All six questions are answered.'),
      loading: trans.__('Reading notebook...'),
      open: (count: number) => trans._n('%1 question open', '%1 questions open', count),
      form: trans.__('Questions'),
      name: trans.__('Name'),
      store: trans.__('Store'),
      storeHint: trans.__('Empty: a file beside the notebook.'),
      defaultStore: trans.__('a file beside the notebook'),
      nameIn: (name: string, store: string) => trans.__('%1, in %2', name, store),
      change: trans.__('Change'),
      done: trans.__('Done'),
      required: trans.__('needed'),
      answered: trans.__('answered'),
      more: (count: number) => trans.__('More (%1)', count),
      moreHint: trans.__('Gaps show on the card.'),
      addTo: (what: string) => trans.__('Add: %1', what),
      review: {
        title: (done: number, all: number) =>
          trans.__('Questions of a review (%1 of %2 answered)', done, all),
        list: trans.__('Questions of a review'),
        gap: trans.__('gap'),
        nobody: trans.__('Nobody said.'),
        answer: trans.__('Answer')
      },
      publish: trans.__('Publish'),
      draft: trans.__('Publish as draft'),
      waitsFor: (count: number) =>
        trans._n('Publish waits for %1 question.', 'Publish waits for %1 questions.', count),
      whenEqual: trans.__('Publishes when the run is equal.'),
      saving: trans.__('Saving...'),
      savedIn: (path: string) => trans.__('Kept in %1.', path),
      changeName: trans.__('Change name and store'),
      closeTab: trans.__('You can close this tab.'),
      handedOver: (version: number) =>
        trans.__('Handed over: v%1, tested on a clean machine.', version),
      draftDone: (version: number) => trans.__('Published as draft: v%1.', version),
      tested: trans.__('How it was tested'),
      untested: (version: number) =>
        trans.__('Published: v%1, untested on a clean machine.', version),
      changedSince: (version: number, cells: number) =>
        trans._n(
          'Handed over: v%2. %1 cell changed since.',
          'Handed over: v%2. %1 cells changed since.',
          cells,
          version
        ),
      version: (name: string, version: number) => trans.__('%1 v%2', name, version),
      card: trans.__('Card'),
      lock: trans.__('Exact package list'),
      runbook: trans.__('Runbook'),
      results: trans.__('What was handed over'),
      copyLink: trans.__('Copy link'),
      copyLinkOf: (what: string) => trans.__('Copy link: %1', what),
      openOf: (what: string) => trans.__('Open: %1', what),
      compare: trans.__('Compare'),
      comparing: trans.__('Comparing...'),
      compareTitle: (name: string, version: number) => trans.__('%1: v%2 and now', name, version),
      noDifference: (version: number) => trans.__('No difference from v%1.', version),
      oneEach: trans.__('One a line.'),
      add: trans.__('Add'),
      remove: trans.__('Remove'),
      questions: {
        owner: trans.__('Who answers for this model?'),
        name: trans.__('Name'),
        ownerHint: trans.__('A person, not a team.'),
        contact: trans.__('How to reach them'),
        contactHint: trans.__('E-mail or phone.'),
        decision: trans.__('Which decision does it help, and what is a good outcome?'),
        problem: trans.__('What goes wrong without it'),
        decisionLabel: trans.__('Decision'),
        decisionHint: trans.__('Plan gates early'),
        outcome: trans.__('Good outcome'),
        outcomeHint: trans.__('Fewer missed connections'),
        limits: trans.__('When should nobody trust it?'),
        limitsLabel: trans.__('Not to be trusted'),
        limitsHint: trans.__('Not on snow days.'),
        threshold: trans.__('From which score on should someone act, and what is normal?'),
        act: trans.__('Act from'),
        whyScore: trans.__('Why this score'),
        normalLow: trans.__('Normal from'),
        normalHigh: trans.__('to'),
        fallback: trans.__('If it fails or is unsure?'),
        person: trans.__('A person decides'),
        constant: trans.__('Fixed answer'),
        previous: trans.__('Previous version'),
        rule: trans.__('Rules, as the file says'),
        fixed: trans.__('The fixed answer'),
        notice: trans.__('How will you notice it is wrong?'),
        check: trans.__('Check'),
        every: {
          hourly: trans.__('hourly'),
          daily: trans.__('daily'),
          weekly: trans.__('weekly'),
          monthly: trans.__('monthly')
        } as Record<string, string>,
        choose: trans.__('Choose...'),
        truth: trans.__('Truth known after'),
        days: trans.__('days'),
        tell: trans.__('Tell'),
        tellHint: trans.__('the owner')
      }
    },

    live: {
      empty: trans.__('Nothing published.'),
      loading: trans.__('Asking registry...'),
      list: trans.__('Published models'),
      alerts: (count: number) => trans._n('%1 alert', '%1 alerts', count),
      quiet: (count: number, time: string) =>
        trans._n('%1 model quiet, %2.', '%1 models quiet, %2.', count, time),
      unchecked: (count: number) =>
        trans._n('%1 model, not checked yet.', '%1 models, not checked yet.', count),
      unreachable: (since: string) =>
        since ? trans.__('Not reachable; as of %1.', since) : trans.__('Not reachable.'),
      model: (name: string, version: string) => trans.__('%1 v%2', name, version),
      stages: {
        shadow: trans.__('Watches only'),
        advise: trans.__('Advises'),
        decide: trans.__('Decides')
      },
      alert: trans.__('Alert'),
      alertText: (what: string, matters: string) =>
        matters ? trans.__('%1; %2', what, matters) : what,
      whatToDo: trans.__('What to do'),
      candidate: (version: string) => trans.__('Candidate: v%1', version),
      candidateWith: (version: string, verdict: string) =>
        trans.__('Candidate: v%1, %2', version, verdict),
      acknowledged: (by: string) => trans.__('%1 takes care of it.', by),
      moreFor: (name: string) => trans.__('More actions: %1', name),
      of: (what: string, name: string) => trans.__('%1: %2', what, name),
      rollBack: (version: string) => trans.__('Roll back to v%1', version),
      accept: (version: string) => trans.__('Accept v%1', version),
      checkNow: trans.__('Check now'),
      retrain: trans.__('Retrain'),
      promote: (stage: string) => trans.__('Promote: %1', stage),
      report: trans.__('Report'),
      acknowledge: trans.__('Acknowledge'),
      doing: trans.__('Asking registry...'),
      yourName: trans.__('Your name (kept with the decision)'),
      nameNeeded: trans.__('A name is needed.')
    },

    job: {
      kinds: {
        build: trans.__('Build only'),
        'test-run': trans.__('Test run'),
        publish: trans.__('Publish')
      },
      line: (kind: string, part: string) => trans.__('%1 %2', kind, part).trim(),
      step: (number: number, of: number, title: string) => trans.__('%1/%2 %3', number, of, title),
      counted: (what: string, done: number, total: number) =>
        trans.__('%1 %2/%3', what, done, total),
      ofAbout: (time: string, expected: string) => trans.__('%1 of about %2', time, expected),
      queued: (kind: string) => trans.__('%1 waits for the job before it.', kind),
      cancelling: trans.__('Cancelling...'),
      cancelled: trans.__('Cancelled. Nothing published.'),
      done: (kind: string) => trans.__('%1 done.', kind),
      failed: (kind: string, error: string) => trans.__('%1 failed: %2', kind, error),
      cancelWhat: (kind: string) => trans.__('Cancel: %1', kind),
      stepNames: {
        check: trans.__('Check'),
        fix: trans.__('Fix'),
        tag: trans.__('Steps'),
        extract: trans.__('Build'),
        run: trans.__('Run'),
        prove: trans.__('Compare'),
        features: trans.__('Inputs'),
        parity: trans.__('Same answers live'),
        lock: trans.__('Package list'),
        publish: trans.__('Save and register'),
        rehearse: trans.__('Clean-machine test'),
        predict: trans.__('First prediction')
      } as Record<string, string>,
      running: trans.__('Handoff jobs'),
      shutDownAll: trans.__('Cancel all')
    },

    status: {
      left: (count: number) => trans.__('Handoff: %1 left', count),
      clear: trans.__('Handoff: clear'),
      job: (part: string) => trans.__('Handoff: %1', part),
      caption: trans.__('Open the Handoff panel')
    },

    commands: {
      category: trans.__('Handoff'),
      showPanel: trans.__('Show Handoff Panel'),
      check: trans.__('Check Notebook'),
      fixSafe: trans.__('Fix Safe Problems'),
      next: trans.__('Next Problem'),
      previous: trans.__('Previous Problem'),
      setStep: trans.__('Set Step'),
      suggest: trans.__('Suggest Steps'),
      testRun: trans.__('Test Run'),
      cancelJob: trans.__('Cancel Job'),
      publish: trans.__('Publish'),
      compare: trans.__('Compare'),
      showLive: trans.__('Show Live'),
      toggleMarks: trans.__('Toggle Marks'),
      preview: trans.__('Preview Safe Fixes')
    }
  };
}

export type Words = ReturnType<typeof makeWords>;

/** Names as their people write them. */
const languages: Record<string, string> = {
  r: 'R',
  julia: 'Julia',
  scala: 'Scala',
  javascript: 'JavaScript'
};

/** "3, 5, 7-9" for 3, 5, 7, 8, 9. */
export function spans(numbers: number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (sorted[end + 1] === sorted[end] + 1) {
      end += 1;
    }
    parts.push(
      end - start > 1 ? `${sorted[start]}-${sorted[end]}` : sorted.slice(start, end + 1).join(', ')
    );
    start = end + 1;
  }
  return parts.join(', ');
}

/** "0:24" for 24 seconds. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
