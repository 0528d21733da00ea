"""Small notebooks that leak, and their near-misses: a table to train on, a split, a model, and what lies between."""

from __future__ import annotations

LOAD = "rows = pd.read_csv('rows.csv')\nX, y = rows.drop(columns='y'), rows['y']\n"
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)\n"
FIT = "model = LogisticRegression().fit(X_train, y_train)\nprint(accuracy_score(y_test, model.predict(X_test)))\n"

SPARK = (
    "train, test = rows.randomSplit([0.8, 0.2], seed=1)\nmodel = GBTClassifier(labelCol='y').fit(train)\n"
    "answers = model.transform(test)\nprint(BinaryClassificationEvaluator().evaluate(answers))\n"
)

BAD = {
    "scaled, taken out and put back in front": (
        "LEAK001",
        "rows['b'] = StandardScaler().fit_transform(rows[['a']])\nb = rows['b']\n"
        "rows.drop(['a', 'b'], axis=1, inplace=True)\n"
        "rows.insert(0, 'b', b)\nX, y = rows.drop(columns='y'), rows['y']\n" + SPLIT + FIT,
    ),
    "computed from the target, and judged in folds": (
        "FEAT001",
        "rows['late'] = rows['y'] > 3\nprint(cross_val_score(SVC(), rows.drop(columns='y'), rows['y']))\n",
    ),
    "means of groups joined": (
        "LEAK002",
        "means = rows.groupby('town')['y'].mean().reset_index()\nrows = pd.merge(rows, means, on='town')\n"
        "X, y = rows.drop(columns='y'), rows['y']\n" + SPLIT + FIT,
    ),
    "means of groups with a name of their own, joined": (
        "LEAK002",
        "means = rows.groupby('town').agg(rate=('y', 'mean')).reset_index()\nrows = rows.merge(means, on='town')\n"
        "X, y = rows.drop(columns='y'), rows['y']\n" + SPLIT + FIT,
    ),
    "means of groups put in by a dictionary": (
        "LEAK002",
        "means = rows.groupby('town')['y'].mean().to_dict()\nrows['town'] = rows['town'].replace(means)\n"
        "X, y = rows.drop(columns='y'), rows['y']\n" + SPLIT + FIT,
    ),
    "means of a pivot table, mapped": (
        "LEAK002",
        "means = rows.pivot_table(index='town', values='y')['y']\nrows['town'] = rows['town'].map(means)\n"
        "X, y = rows.drop(columns='y'), rows['y']\n" + SPLIT + FIT,
    ),
    "means of groups joined by a method": (
        "LEAK002",
        "means = rows.groupby('town').agg('mean')\nmeans = rows.groupby('town')['y'].mean()\n"
        "rows = rows.join(means, on='town', rsuffix='_m')\nX, y = rows.drop(columns='y'), rows['y']\n" + SPLIT + FIT,
    ),
    "means of groups given out by a function": (
        "LEAK002",
        "means = list(rows.groupby('town')['a'].mean())\n\ndef filled(r):\n    return means[0] if r[0] else r[1]\n\n"
        "rows['a'] = rows[['town', 'a']].apply(filled, axis=1)\nX, y = rows[['a']], rows['y']\n" + SPLIT + FIT,
    ),
    "means of groups looked up": (
        "LEAK002",
        "means = rows.groupby('town')['y'].mean()\nX['town'] = means[X['town']].values\n" + SPLIT + FIT,
    ),
    "scaled before the split": (
        "LEAK001",
        "X = StandardScaler().fit_transform(X)\n" + SPLIT + FIT,
    ),
    "scaled by an object of the notebook": (
        "LEAK001",
        "class Prepare:\n    def __init__(self):\n        self.scaler = StandardScaler()\n"
        "    def run(self, rows):\n        return self.scaler.fit_transform(rows)\n"
        "X = Prepare().run(X)\n" + SPLIT + FIT,
    ),
    "scaled before Spark's split": (
        "LEAK001",
        "rows = spark.read.option('header', True).csv('a.csv')\n"
        "scaler = StandardScaler(inputCol='x', outputCol='s').fit(rows)\nrows = scaler.transform(rows)\n" + SPARK,
    ),
    "fitted on what Spark's split holds out": (
        "LEAK006",
        "rows = spark.table('rows')\n" + SPARK.replace("fit(train)", "fit(rows)"),
    ),
    "fitted on the third part of Spark's split": (
        "LEAK006",
        "a, b, c = rows.randomSplit([0.6, 0.2, 0.2], 7)\nmodel = GBTClassifier().fit(a.concat(c))\n"
        "print(RegressionEvaluator().evaluate(model.transform(c)))\n",
    ),
    "filled in an object of the notebook": (
        "LEAK002",
        "class Work:\n    def __init__(self, rows):\n        self.rows = rows\n"
        "    def fill(self):\n        self.rows['a'] = self.rows['a'].fillna(self.rows['a'].mean())\n"
        "work = Work(rows)\nwork.fill()\nX = work.rows.drop(columns='y')\n" + SPLIT + FIT,
    ),
    "selected by what a selection supports": (
        "LEAK003",
        "s = RFE(SVC()).fit(X, y)\nX = X[X.columns[s.support_]]\n" + SPLIT + FIT,
    ),
    "selected by the numbers of a selection": (
        "LEAK003",
        "s = SelectKBest(k=3)\ns.fit(X, y)\nX = X.iloc[:, s.get_support(indices=True)]\n" + SPLIT + FIT,
    ),
    "learned by gradients": (
        "LEAK001",
        "X = StandardScaler().fit_transform(X)\n" + SPLIT + "rows_in = torch.tensor(X_train)\n"
        "loss = criterion(net(rows_in), torch.tensor(y_train))\nloss.backward()\noptimizer.step()\n",
    ),
    "fitted and applied apart": (
        "LEAK001",
        "s = MinMaxScaler()\ns.fit(X)\nX = s.transform(X)\n" + SPLIT + FIT,
    ),
    "fitted on all after the split": (
        "LEAK001",
        SPLIT + "s = StandardScaler().fit(X)\nX_train = s.transform(X_train)\n" + FIT,
    ),
    "imputed before the split": (
        "LEAK001",
        "X = SimpleImputer().fit_transform(X)\n" + SPLIT + FIT,
    ),
    "through a helper": (
        "LEAK001",
        "def prepare(t):\n    return StandardScaler().fit_transform(t)\n\nX = prepare(X)\n" + SPLIT + FIT,
    ),
    "in a loop over columns": (
        "LEAK001",
        "for c in ['a', 'b']:\n    X[c] = StandardScaler().fit_transform(X[[c]])\n" + SPLIT + FIT,
    ),
    "words of all texts": (
        "LEAK001",
        "X = TfidfVectorizer().fit_transform(rows['text'])\n" + SPLIT + FIT,
    ),
    "components of all rows": (
        "LEAK001",
        "X = PCA(2).fit_transform(X)\n" + SPLIT + FIT,
    ),
    "before cross-validation": (
        "LEAK001",
        "X = StandardScaler().fit_transform(X)\ncross_val_score(SVC(), X, y)\n",
    ),
    "a pipeline of transformers": (
        "LEAK001",
        "p = make_pipeline(SimpleImputer(), StandardScaler())\nX = p.fit_transform(X)\n" + SPLIT + FIT,
    ),
    "filled with the mean": (
        "LEAK002",
        "X['a'] = X['a'].fillna(X['a'].mean())\n" + SPLIT + FIT,
    ),
    "filled in place": (
        "LEAK002",
        "X.fillna(X.median(), inplace=True)\n" + SPLIT + FIT,
    ),
    "scaled by hand": (
        "LEAK002",
        "X = (X - X.mean()) / X.std()\n" + SPLIT + FIT,
    ),
    "scaled by hand with names": (
        "LEAK002",
        "low = X['a'].min()\nhigh = X['a'].max()\nX['a'] = (X['a'] - low) / (high - low)\n" + SPLIT + FIT,
    ),
    "scaled by hand in a lambda": (
        "LEAK002",
        "m = X['a'].mean()\nX['a'] = X['a'].apply(lambda v: v - m)\n" + SPLIT + FIT,
    ),
    "features chosen": (
        "LEAK003",
        "X = SelectKBest(k=5).fit_transform(X, y)\n" + SPLIT + FIT,
    ),
    "oversampled": (
        "LEAK004",
        "X, y = SMOTE().fit_resample(X, y)\n" + SPLIT + FIT,
    ),
    "minority drawn again": (
        "LEAK004",
        "few = rows[rows.y == 1]\n"
        "few = resample(few, n_samples=900)\n"
        "rows = pd.concat([rows[rows.y == 0], few])\n"
        "X, y = rows.drop(columns='y'), rows['y']\n" + SPLIT + FIT,
    ),
    "dummies": (
        "LEAK005",
        "X = pd.get_dummies(X)\n" + SPLIT + FIT,
    ),
    "fitted on the test rows": (
        "LEAK006",
        SPLIT + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.fit_transform(X_test)\n" + FIT,
    ),
    "fitted on all, judged on a part": (
        "LEAK006",
        SPLIT + "model = SVC().fit(X, y)\nmodel.score(X_test, y_test)\n",
    ),
    "settings in a loop": (
        "LEAK007",
        SPLIT + "for k in range(9):\n"
        "    m = KNeighborsClassifier(k)\n"
        "    m.fit(X_train, y_train)\n"
        "    s.append(m.score(X_test, y_test))\n",
    ),
    "settings in a comprehension": (
        "LEAK007",
        SPLIT + "s = [KNeighborsClassifier(k).fit(X_train, y_train).score(X_test, y_test) for k in range(9)]\n",
    ),
    "early stopping": (
        "LEAK007",
        SPLIT + "m = XGBClassifier(early_stopping_rounds=9)\n"
        "m.fit(X_train, y_train, eval_set=[(X_test, y_test)])\n"
        "m.score(X_test, y_test)\n",
    ),
    "best of several": (
        "LEAK007",
        SPLIT + "scores = {}\n"
        "for name, m in {'a': SVC(), 'b': RandomForestClassifier()}.items():\n"
        "    m.fit(X_train, y_train)\n"
        "    scores[name] = m.score(X_test, y_test)\n"
        "best = max(scores, key=scores.get)\n",
    ),
    "two samples": (
        "LEAK008",
        "a = rows.sample(frac=.8)\n"
        "b = rows.sample(frac=.2)\n"
        "m = SVC().fit(a[['x']], a['y'])\n"
        "m.score(b[['x']], b['y'])\n",
    ),
    "slices that overlap": (
        "LEAK008",
        "a = rows[:800]\nb = rows[700:]\nm = SVC().fit(a[['x']], a['y'])\nm.score(b[['x']], b['y'])\n",
    ),
    "two seeds": (
        "LEAK008",
        "A, _, ya, _ = train_test_split(X, y, random_state=1)\n"
        "_, B, _, yb = train_test_split(X, y, random_state=2)\n"
        "SVC().fit(A, ya).score(B, yb)\n",
    ),
    "lags split at random": (
        "LEAK009",
        "rows = pd.read_csv('a.csv', parse_dates=['day'])\n"
        "rows['last'] = rows['y'].shift(1)\n"
        "X, y = rows[['last']], rows['y']\n" + SPLIT + FIT,
    ),
    "a mean of the target for each group": (
        "LEAK002",
        "means = rows.groupby('town')['y'].mean()\nX['town'] = X['town'].map(means)\n" + SPLIT + FIT,
    ),
    "a mean for each group, in place": (
        "LEAK002",
        "rows['town'] = rows.groupby('town')['a'].transform('mean')\nX, y = rows[['town']], rows['y']\n" + SPLIT + FIT,
    ),
    "both sides put together again": (
        "LEAK006",
        SPLIT + "both = pd.concat([X_train, X_test])\ns = StandardScaler().fit(both)\n"
        "X_train, X_test = s.transform(X_train), s.transform(X_test)\n" + FIT,
    ),
    "split by shuffled row numbers": (
        "LEAK002",
        "X = (X - X.mean()) / X.std()\ni = np.random.permutation(len(X))\nX_train, X_test = X[i[:80]], X[i[80:]]\n"
        "y_train, y_test = y[i[:80]], y[i[80:]]\n" + FIT,
    ),
    "early stopping of a booster": (
        "LEAK007",
        SPLIT + "d, v = lgb.Dataset(X_train, y_train), lgb.Dataset(X_test, y_test)\n"
        "b = lgb.train({}, d, valid_sets=[v], callbacks=[lgb.early_stopping(9)])\n"
        "print(roc_auc_score(y_test, b.predict(X_test)))\n",
    ),
    "early stopping by a callback": (
        "LEAK007",
        SPLIT + "stop = EarlyStopping(patience=3)\nm = build_model()\n"
        "m.fit(X_train, y_train, validation_data=(X_test, y_test), callbacks=[stop])\n"
        "print(accuracy_score(y_test, m.predict(X_test)))\n",
    ),
    "shuffled folds of lags": (
        "LEAK009",
        "X['lag'] = y.shift(1)\nX = X.sort_values('date')\ncross_val_score(Ridge(), X, y, cv=KFold(5, shuffle=True))\n",
    ),
    "target left in a bundled table": (
        "FEAT001",
        "t = load_iris(as_frame=True).frame\nX, y = t.drop(columns=['a']), t['target']\n" + SPLIT + FIT,
    ),
    "features chosen from made up rows": (
        "LEAK003",
        "g = np.random.default_rng(0)\nX = SelectKBest().fit_transform(g.normal(size=(9, 9)), y)\n"
        "cross_val_score(SVC(), X, y)\n",
    ),
    "target left in": (
        "FEAT001",
        "X = rows\n" + SPLIT + FIT,
    ),
    "target in the list": (
        "FEAT001",
        "X = rows[['a', 'y']]\n" + SPLIT + FIT,
    ),
    "its source left in": (
        "FEAT001",
        "rows['late'] = rows['minutes'] > 15\nX, y = rows.drop(columns=['late']), rows['late']\n" + SPLIT + FIT,
    ),
    "made from the target": (
        "FEAT001",
        "rows['rate'] = rows.groupby('g')['y'].transform('mean')\n"
        "X, y = rows[['a', 'rate']], rows['y']\n" + SPLIT + FIT,
    ),
    "a sibling": (
        "FEAT002",
        "X, y = rows[['miles', 'dep_delay']], rows['arr_delay'] > 15\n" + SPLIT + FIT,
    ),
    "saved without the scaler": (
        "FEAT003",
        SPLIT + "s = StandardScaler()\n"
        "X_train = s.fit_transform(X_train)\n"
        "X_test = s.transform(X_test)\n" + FIT + "joblib.dump(model, 'm')\n",
    ),
}

GOOD = {
    "scaled behind Spark's split": (
        "rows = spark.read.format('csv').load('a.csv')\n"
        + SPARK.replace(
            "model =", "s = StandardScaler(inputCol='x').fit(train)\ntrain = s.transform(train)\nmodel ="
        ).replace("transform(test)", "transform(s.transform(test))")
    ),
    "three parts of Spark's split": (
        "a, b, c = rows.randomSplit([0.6, 0.2, 0.2], 7)\nmodel = GBTClassifier().fit(a)\n"
        "print(evaluator.evaluate(model.transform(b)))\nprint(evaluator.evaluate(model.transform(c)))\n"
    ),
    "numbers of each row": (
        "X['m'] = X[['a', 'b']].mean(axis=1)\nX['n'] = X['a'] - np.mean(X[['a', 'b']], axis=1)\n" + SPLIT + FIT
    ),
    "whole sites held out": (
        "rows['lag'] = rows.sort_values('date')['y'].shift(1)\n"
        "for a, b in GroupKFold(5).split(rows, groups=rows['site']):\n    pass\n"
    ),
    "groups as rows, with columns of their own": (
        "rows = rows.groupby('smiles').sum().reset_index()\nrows['n'] = rows['smiles'].str.len()\n"
        "X, y = rows[['n']], rows['y']\n" + SPLIT + FIT
    ),
    "the target made after the features were taken": (
        "X = rows.drop(columns=['id', 'kind'])\nrows['number'] = rows['kind'].factorize()[0]\ny = rows['number']\n"
        + SPLIT
        + FIT
    ),
    "the target put back to look at it": (
        SPLIT + "seen = X_train.reset_index(drop=True)\nseen['said'] = y_train.reset_index(drop=True)\n"
    ),
    "the target kept beside a copy": (SPLIT + "kept = X_train[['id']]\nkept['said'] = y_train\n" + FIT),
    "groups as rows": (
        "rows = rows.groupby('smiles', as_index=False)['y'].mean()\nX, y = rows[['smiles']], rows['y']\n" + SPLIT + FIT
    ),
    "columns but one, of a cut table": (
        "kept = ['a', 'b']\nrows = rows[kept + ['y']]\nwanted = [c for c in rows.columns if c not in ['y']]\n"
        "A, B, a, b = train_test_split(rows.iloc[:90][wanted], rows.iloc[:90]['y'], random_state=0)\n"
    ),
    "columns but those of a name": (
        "target = 'y'\nused = [c for c in rows.columns if c not in ('id', target)]\n"
        "print(cross_val_score(SVC(), rows[used], rows[target]))\n"
    ),
    "the encoder of another column": (
        "le = LabelEncoder()\nrows['t'] = le.fit_transform(rows['q'])\nmodel = SVC()\n"
        "A, B, a, b = train_test_split(rows[['x', 'z']], rows['t'], random_state=0)\nmodel.fit(A, a)\n"
        "print(accuracy_score(b, model.predict(B)))\njoblib.dump(model, 'm')\n"
    ),
    "folds drawn by another column": (
        "for a, b in StratifiedKFold(5).split(X, X['site']):\n"
        "    model = SVC().fit(X.loc[a][['miles']], y.loc[a])\n    print(model.score(X.loc[b][['miles']], y.loc[b]))\n"
    ),
    "scaled after the split": (
        SPLIT + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.transform(X_test)\n" + FIT
    ),
    "in a pipeline": (
        "model = make_pipeline(StandardScaler(), SVC())\n" + SPLIT + "model.fit(X_train, y_train)\n"
        "model.score(X_test, y_test)\n"
    ),
    "a pipeline cross-validated": ("cross_val_score(make_pipeline(StandardScaler(), SVC()), X, y)\n"),
    "rows seen one by one": ("X = Normalizer().fit_transform(X)\nX = np.log1p(X)\n" + SPLIT + FIT),
    "filled with a constant": ("X = X.fillna(0)\n" + SPLIT + FIT),
    "filled with the training mean": (
        SPLIT + "m = X_train['a'].mean()\n"
        "X_train['a'] = X_train['a'].fillna(m)\n"
        "X_test['a'] = X_test['a'].fillna(m)\n" + FIT
    ),
    "a label encoder for the target": ("y = LabelEncoder().fit_transform(y)\n" + SPLIT + FIT),
    "an imputed column that is not used": (
        "rows['z'] = rows['z'].fillna(rows['z'].mean())\nX = rows[['a', 'b']]\n" + SPLIT + FIT
    ),
    "numbers only looked at": ("print(X.mean())\nX.describe()\n" + SPLIT + FIT),
    "clusters of scaled rows": ("X = StandardScaler().fit_transform(X)\nKMeans(3).fit(X)\n"),
    "outliers cut off": ("X = X[X['a'] < X['a'].quantile(.99)]\n" + SPLIT + FIT),
    "resampled after the split": (SPLIT + "X_train, y_train = SMOTE().fit_resample(X_train, y_train)\n" + FIT),
    "refitted on all in the end": (SPLIT + FIT + "final = LogisticRegression().fit(X, y)\njoblib.dump(final, 'm')\n"),
    "searched by cross-validation": (
        SPLIT + "g = GridSearchCV(SVC(), {'C': [1, 2]}).fit(X_train, y_train)\n"
        "print(g.best_params_)\n"
        "g.score(X_test, y_test)\n"
    ),
    "chosen on other rows": (
        SPLIT + "A, V, ya, yv = train_test_split(X_train, y_train, random_state=1)\n"
        "for k in range(9):\n"
        "    KNeighborsClassifier(k).fit(A, ya).score(V, yv)\n"
        "final = SVC().fit(X_train, y_train)\n"
        "final.score(X_test, y_test)\n"
    ),
    "folds": (
        "for a, b in KFold(5).split(X):\n"
        "    m = SVC().fit(X.iloc[a], y.iloc[a])\n"
        "    print(m.score(X.iloc[b], y.iloc[b]))\n"
    ),
    "a sample and the rest": (
        "a = rows.sample(frac=.8)\nb = rows.drop(a.index)\nm = SVC().fit(a[['x']], a['y'])\nm.score(b[['x']], b['y'])\n"
    ),
    "slices side by side": (
        "a, b = rows[:800], rows[800:]\nm = SVC().fit(a[['x']], a['y'])\nm.score(b[['x']], b['y'])\n"
    ),
    "tomorrow's price beside today's": (
        "rows = rows.sort_values('date')\nX = rows[['price', 'volume']]\n"
        "y = np.where(rows['price'] < rows['price'].shift(-1), 1, 0)\na, b = X[:800], X[800:]\n"
        "m = SVC().fit(a, y[:800])\nm.score(b, y[800:])\n"
    ),
    "split by date": (
        "a, b = rows[rows.day < '2020'], rows[rows.day >= '2020']\n"
        "rows['l'] = rows.y.shift(1)\n"
        "m = SVC().fit(a[['l']], a['y'])\n"
        "m.score(b[['l']], b['y'])\n"
    ),
    "not shuffled": (
        "rows = rows.sort_values('date')\n"
        "X, y = rows[['a']], rows['y']\n"
        "X_train, X_test, y_train, y_test = train_test_split(X, y, shuffle=False)\n" + FIT
    ),
    "an object of the notebook that learns from the training rows": (
        "class Prepare:\n    def __init__(self):\n        self.scaler = StandardScaler()\n"
        "    def learn(self, rows):\n        return self.scaler.fit_transform(rows)\n"
        "    def apply(self, rows):\n        return self.scaler.transform(rows)\n"
        "prepare = Prepare()\n" + SPLIT + "X_train, X_test = prepare.learn(X_train), prepare.apply(X_test)\n" + FIT
    ),
    "selected by the training rows": (
        SPLIT + "s = RFE(SVC()).fit(X_train, y_train)\nkept = X.columns[s.support_]\n"
        "X_train, X_test = X_train[kept], X_test[kept]\n" + FIT
    ),
    "gradients of prepared training rows": (
        SPLIT + "s = StandardScaler()\nA, B = s.fit_transform(X_train), s.transform(X_test)\n"
        "loss = criterion(net(torch.tensor(A)), torch.tensor(y_train))\nloss.backward()\n"
        "print(accuracy_score(y_test, net(torch.tensor(B)).argmax(1)))\n"
    ),
    "target dropped": (SPLIT + FIT),
    "target popped": ("y = rows.pop('y')\nX = rows\n" + SPLIT + FIT),
    "features by name": ("features = [c for c in rows.columns if c != 'y']\nX = rows[features]\n" + SPLIT + FIT),
    "features nobody can list": ("X = rows[choose(rows)]\n" + SPLIT + FIT),
    "columns by number": ("X, y = rows.iloc[:, :-1], rows.iloc[:, -1]\n" + SPLIT + FIT),
    "a bundled set": ("iris = load_iris()\nX, y = iris.data, iris.target\n" + SPLIT + FIT),
    "data made up": (
        "X = pd.DataFrame(np.random.rand(9, 3), columns=list('abc'))\n"
        "X['y'] = X['a'] + X['b'] + X['c']\n"
        "y = X.pop('y')\n" + SPLIT + FIT
    ),
    "columns that only sound alike": ("X, y = rows[['SaleType', 'SaleCondition']], rows['SalePrice']\n" + SPLIT + FIT),
    "one model measured twice": (SPLIT + FIT + "print(f1_score(y_test, model.predict(X_test)))\nbest = 1\n"),
    "a log of the training": (
        SPLIT + "m = build_model()\nm.fit(X_train, y_train, validation_data=(X_test, y_test), "
        "callbacks=[TensorBoard('logs')])\nprint(accuracy_score(y_test, m.predict(X_test)))\n"
    ),
    "refitted on all, then the old predictions judged": (
        SPLIT + "m = SVC().fit(X_train, y_train)\np = m.predict(X_test)\nm.fit(X, y)\nprint(f1_score(y_test, p))\n"
    ),
    "row numbers as the feature": ("model = Ridge().fit(rows.index.values.reshape(-1, 1), rows['y'])\n"),
    "row names set": ("rows.index = rows['y'].index\nX, y = rows.drop(columns='y'), rows['y']\n" + SPLIT + FIT),
    "early stopping on rows of its own": (
        "A, X_test, b, y_test = train_test_split(X, y, random_state=0)\n"
        "X_train, X_val, y_train, y_val = train_test_split(A, b, random_state=0)\n"
        "m = XGBClassifier(early_stopping_rounds=9).fit(X_train, y_train, eval_set=[(X_val, y_val)])\n"
        "print(log_loss(y_val, m.predict(X_val)))\nprint(log_loss(y_test, m.predict(X_test)))\n"
    ),
    "folds in their order": ("X['lag'] = y.shift(1)\ncross_val_score(Ridge(), X, y, cv=TimeSeriesSplit(5))\n"),
    "named numbers for groups only looked at": (
        "print(rows.groupby('town').agg(rate=('y', 'mean')))\nprint(rows.pivot_table(index='town', values='y'))\n"
        + SPLIT
        + FIT
    ),
    "sizes of groups learned on the training rows": (
        SPLIT + "means = X_train.groupby('town').agg(rate=('a', 'mean')).reset_index()\n"
        "X_train, X_test = X_train.merge(means, on='town'), X_test.merge(means, on='town')\n" + FIT
    ),
    "numbers for groups only looked at": ("print(rows.groupby('town')['y'].mean())\n" + SPLIT + FIT),
    "saved as a pipeline": (
        SPLIT + "model = make_pipeline(StandardScaler(), SVC()).fit(X_train, y_train)\n"
        "model.score(X_test, y_test)\n"
        "joblib.dump(model, 'm')\n"
    ),
    "scaler saved too": (
        SPLIT + "s = StandardScaler()\n"
        "X_train = s.fit_transform(X_train)\n"
        "X_test = s.transform(X_test)\n" + FIT + "joblib.dump(model, 'm')\n"
        "joblib.dump(s, 's')\n"
    ),
}
