"""Functions and classes of flight_delays.handoff.ipynb that use none of its variables."""


def hours(hhmm):
    """517 -> 5.28"""
    return hhmm // 100 + hhmm % 100 / 60


def plane_age(flown, built):
    return (flown - built).clip(lower=0)
