"""Starts the command line: `python -m jifen_local`."""

from jifen_local.cli import main

if __name__ == "__main__":
    main()
