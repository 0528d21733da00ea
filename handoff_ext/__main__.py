"""``python -m handoff_ext`` is the command line."""

from handoff_ext.cli import main

if __name__ == "__main__":
    main()
