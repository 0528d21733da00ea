"""From the rows of `reviews` to the inputs of the model, in the words of review_triage.ipynb.

``transform`` prepares a table, or one row. What training learned from its table is in ``state``.
"""

import pandas as pd


def load(REVIEWS_CSV='../../data/reviews.csv', REVIEWS_NEW_CSV='../../data/reviews_new.csv'):
    """The tables as training read them, the rows first."""
    return {'reviews': pd.read_csv(REVIEWS_CSV), 'new': pd.read_csv(REVIEWS_NEW_CSV)}


def transform(raw, state):
    """`reviews[['review']]` of the rows in ``raw``."""
    # cell 5
    reviews = raw.copy()
    new = state['new']  # came in later, for the check at the end
    # cell 12
    reviews = state.rows(lambda: reviews.drop_duplicates("review"), reviews)
    reviews = reviews[state.training(~reviews["review"].isin(state.learn('new["review"]', lambda: new["review"])))]
    reviews["unhappy"] = (reviews["score"] == "other").astype(int)
    # cell 13
    reviews["n"] = reviews["review"].str.len()
    return reviews[['review']]
