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
