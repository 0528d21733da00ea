"""Every kind of model takes raw rows and answers as the notebook's own did: what it answers, not only what it is given.

Those of packages that are no dependency run where they are installed.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from tests.features.notebooks import run

START = """
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

df = pd.read_csv("houses.csv")
df["age"] = df["age"].fillna(df["age"].mean())
"""
SPLIT = """
X = pd.get_dummies(df[["town", "area", "age"]], dtype=float)
y = df["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
"""
DEAR = SPLIT.replace('y = df["price"]', 'y = (df["price"] > df["price"].median()).astype(int)')
KINDS = {
    "probabilities": DEAR
    + """
from sklearn.ensemble import RandomForestClassifier
model = RandomForestClassifier(n_estimators=5, random_state=0).fit(X_train, y_train)
guess = model.predict_proba(X_test)
""",
    "a grid search over a pipeline": SPLIT
    + """
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
model = GridSearchCV(make_pipeline(StandardScaler(), Ridge()), {"ridge__alpha": [0.1, 1.0]}, cv=2)
model.fit(X_train, y_train)
guess = model.predict(X_test)
""",
    "a column transformer on raw columns": """
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
X, y = df.drop(columns=["price", "id", "sold", "words"]), df["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
parts = ColumnTransformer([("n", StandardScaler(), ["area", "age"]), ("c", OneHotEncoder(), ["town"])])
model = Pipeline([("parts", parts), ("ridge", Ridge())]).fit(X_train, y_train)
guess = model.predict(X_test)
""",
    "several outputs": """
from sklearn.linear_model import LinearRegression
X, y = df[["area", "age"]], df[["price", "id"]]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
model = LinearRegression().fit(X_train, y_train)
guess = model.predict(X_test)
""",
    "texts counted": """
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
df["words"] = df["words"].str.lower()
y = (df["price"] > 500).astype(int)
texts, others, y_train, y_test = train_test_split(df["words"], y, random_state=1)
counts = TfidfVectorizer()
X_train = counts.fit_transform(texts)
X_test = counts.transform(others)
model = LogisticRegression().fit(X_train, y_train)
guess = model.predict_proba(X_test)
""",
    "clusters": """
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler
X = StandardScaler().fit_transform(df[["area", "age"]])
model = KMeans(n_clusters=3, n_init=2, random_state=0)
model.fit(X)
guess = model.predict(X)
""",
    "xgboost": DEAR
    + """
import xgboost as xgb
model = xgb.XGBClassifier(n_estimators=5).fit(X_train, y_train)
guess = model.predict_proba(X_test)
""",
    "xgboost's own way": DEAR
    + """
import xgboost as xgb
rows = xgb.DMatrix(X_train, label=y_train)
others = xgb.DMatrix(X_test, y_test)
known = {"verbose_eval": False, "evals": [(others, "test")]}
model = xgb.train({"objective": "binary:logistic"}, rows, num_boost_round=5, **known)
guess = model.predict(others)
""",
    "xgboost on arrays, the rows given on the spot": DEAR
    + """
import xgboost as xgb
X_train, X_test = X_train.to_numpy(), X_test.to_numpy()
model = xgb.train({"objective": "binary:logistic"}, xgb.DMatrix(X_train, label=y_train), 5)
guess = model.predict(xgb.DMatrix(X_test))
""",
    "lightgbm": DEAR
    + """
import lightgbm
model = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(X_train, y_train)
guess = model.predict_proba(X_test)
""",
    "lightgbm's own way": DEAR
    + """
import lightgbm
rows = lightgbm.Dataset(X_train, label=y_train)
model = lightgbm.train({"objective": "binary", "verbose": -1}, rows, num_boost_round=5)
guess = model.predict(X_test)
""",
    "statsmodels": SPLIT
    + """
import statsmodels.api as sm
X_train = sm.add_constant(X_train.drop(columns="town_Ade"))
X_test = sm.add_constant(X_test.drop(columns="town_Ade"))
model = sm.OLS(y_train, X_train).fit()
guess = model.predict(X_test)
""",
    "statsmodels by a formula": """
import statsmodels.formula.api as smf
train, test = train_test_split(df, random_state=1)
model = smf.ols("price ~ np.log1p(area) + C(town) + age:area", data=train).fit()
guess = model.predict(test)
""",
    "statsmodels by a formula, in two steps": """
from statsmodels.formula.api import glm
df["dear"] = (df["price"] > 500).astype(int)
train, test = train_test_split(df, random_state=1)
asked = glm("dear ~ age + Q('area')", train)
model = asked.fit()
guess = model.predict(test)
""",
}
NEEDS = {each for each in KINDS if each.startswith(("xgboost", "lightgbm", "statsmodels"))}


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_the_notebooks_own(kind: str, tmp_path: Path) -> None:
    if kind in NEEDS:
        pytest.importorskip(re.split(r"\W", kind)[0])
    tried = run([START, KINDS[kind]], tmp_path)
    assert tried.lifted is not None, tried.features.reason
    rows = tried.lifted.held if tried.lifted.held is not None else tried.lifted.fitted
    method = "predict_proba" if "predict_proba" in KINDS[kind] else "predict"
    whole = np.asarray(getattr(tried.lifted.model, method)(rows))
    assert np.allclose(whole, np.asarray(tried.names["guess"]))
    one = np.asarray(getattr(tried.lifted.model, method)(rows.iloc[[3]]))
    assert np.allclose(one, whole[3:4])
    assert set(tried.lifted.needed) <= {"town", "area", "age", "words"}
