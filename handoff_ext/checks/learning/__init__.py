"""Who learns from which rows: fits, splits and evaluations of a notebook, read off its code."""
