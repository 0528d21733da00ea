/** A small notebook with its steps tagged, whose training takes its time. */
export function smallNotebook(seconds: number): object {
  const code = (id: string, source: string, tags: string[]) => ({
    id,
    cell_type: 'code',
    source,
    metadata: tags.length ? { tags } : {},
    outputs: [],
    execution_count: null
  });
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3 (ipykernel)', language: 'python' },
      language_info: { name: 'python' }
    },
    cells: [
      { id: 'prose', cell_type: 'markdown', source: '# A small model', metadata: {} },
      code(
        'imports',
        'import time\n\nimport numpy as np\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.metrics import roc_auc_score',
        []
      ),
      code(
        'load',
        'rng = np.random.default_rng(0)\nX = rng.normal(size=(400, 3))\ny = (X[:, 0] + rng.normal(size=400) > 0).astype(int)',
        ['stage:load']
      ),
      code('train', `time.sleep(${seconds})\nmodel = LogisticRegression().fit(X[:300], y[:300])`, [
        'stage:train'
      ]),
      code(
        'evaluate',
        'auc = roc_auc_score(y[300:], model.predict_proba(X[300:])[:, 1])\nprint(f"AUC {auc:.3f}")',
        ['stage:evaluate']
      )
    ]
  };
}

/** Rows for the notebook below: 400 of them, the same each time. */
export function rows(): string {
  let seed = 1;
  const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
  const lines = Array.from({ length: 400 }, () => {
    const [a, b, c] = [next(), next(), next()];
    return [a.toFixed(4), b.toFixed(4), c.toFixed(4), a + next() > 0 ? 1 : 0].join();
  });
  return ['a,b,c,late', ...lines, ''].join('\n');
}

/** An untagged notebook with two models, one of them left behind, and a cell that only looks. */
export function untagged(): object {
  const code = (id: string, source: string) => ({
    id,
    cell_type: 'code',
    source,
    metadata: {},
    outputs: [],
    execution_count: null
  });
  return {
    ...(smallNotebook(0) as { nbformat: number }),
    cells: [
      code(
        'imports',
        'import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.metrics import roc_auc_score\nfrom sklearn.tree import DecisionTreeClassifier'
      ),
      code('load', 'rows = pd.read_csv("rows.csv")'),
      code('scale', 'largest = rows[["a", "b", "c"]].abs().max()'),
      code('look', 'rows.describe()'),
      code('prepare', 'X = rows[["a", "b", "c"]] / largest\ny = rows["late"]'),
      code('tree', 'tree = DecisionTreeClassifier(random_state=0).fit(X[:300], y[:300])'),
      code('logit', 'logit = LogisticRegression().fit(X[:300], y[:300])'),
      code(
        'judge',
        'auc = roc_auc_score(y[300:], logit.predict_proba(X[300:])[:, 1])\nprint(f"AUC {auc:.3f}")'
      )
    ]
  };
}
