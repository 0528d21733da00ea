"""From the rows of `flights` to the inputs of the model, in the words of flight_delays.ipynb.

``transform`` prepares a table, or one row. What training learned from its table is in ``state``.
"""

import pandas as pd

from definitions import hours, plane_age


def load(FLIGHTS_CSV='../../data/flights.csv', WEATHER_CSV='../../data/weather.csv', PLANES_CSV='../../data/planes.csv'):
    """The tables as training read them, the rows first."""
    return {'flights': pd.read_csv(FLIGHTS_CSV), 'weather': pd.read_csv(WEATHER_CSV), 'planes': pd.read_csv(PLANES_CSV)}


def transform(raw, state):
    """`X_train` of the rows in ``raw``."""
    # cell 4
    LATE_MIN = state.setting('LATE_MIN', 15)
    TEST_FROM = state.setting('TEST_FROM', 10)
    N_TRAIN = state.setting('N_TRAIN', 60_000)
    RANDOM_STATE = state.setting('RANDOM_STATE', 13)
    # cell 8
    # flights = pd.read_csv("/home/mokafor/exports/flights.csv")   # on the analytics server
    flights = raw.copy()
    # cell 10
    # weather at the airports, and who built the plane when
    weather = state['weather']
    planes = state['planes']
    # cell 15
    def label_late(delays):
        # 1 = came in more than LATE_MIN minutes behind schedule
        return (delays > LATE_MIN).astype(int)
    done = state.scope(flights, lambda table: table.dropna(subset=["arr_delay"])).copy()
    done["late"] = label_late(done["arr_delay"])
    # cell 24
    # one row per flight, everything joined
    weather_cols = state.setting('weather_cols', ["origin", "time_hour", "temp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"])
    df = state.merge('weather', done, lambda: weather[weather_cols], on=["origin", "time_hour"], how="left", validate="m:1")
    df = state.merge('planes', df, lambda: planes[["tailnum", "year"]].rename(columns={"year": "built"}), on="tailnum", how="left")
    df["sched_hour"] = hours(df["sched_dep_time"])
    df["day_of_week"] = pd.to_datetime(df[["year", "month", "day"]]).dt.day_of_week
    df["plane_age"] = plane_age(df["year"], df["built"])
    df["wind_gust"] = df["wind_gust"].fillna(0)
    # cell 31
    FEATURES = state.setting('FEATURES', [
        "month",
        "day_of_week",
        "sched_hour",
        "carrier",
        "origin",
        "distance",
        "plane_age",
        "dep_delay",
        "temp",
        "humid",
        "wind_speed",
        "wind_gust",
        "precip",
        "pressure",
        "visib",
    ])
    # cell 32
    train = state.rows(lambda: df[state.training(df["month"] < TEST_FROM)].sample(N_TRAIN, random_state=RANDOM_STATE), df[state.training(df["month"] < TEST_FROM)])
    X_train = train[FEATURES]
    return X_train
