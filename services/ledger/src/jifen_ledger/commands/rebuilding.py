"""`rebuild` and its steps."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TypeVar

from jifen_ledger.adapters.cli.progress import shown
from jifen_ledger.adapters.cli.rebuild_commands import source_of, tell_built, tell_compared
from jifen_ledger.adapters.cli.said import failed
from jifen_ledger.adapters.log_lines import configure_log
from jifen_ledger.application.generations import RebuildRefused
from jifen_ledger.application.rebuild import RebuildSource
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Halted
from jifen_ledger.commands.running import run
from jifen_ledger.composition import rebuilding
from jifen_ledger.settings import FoldSettings

T = TypeVar("T")


def rebuild_scheme(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Take one step of a rebuild, or all of them."""
    source = source_of(parser, options)
    settings = FoldSettings()
    configure_log(logging.WARNING)
    status = SchemeStatus(options.scheme)
    step = partial(_step, settings, status, source)
    try:
        match options.step:
            case None:
                step(rebuilding.rebuild)
                sys.stdout.write(f"{status.scheme}: {status.size} records, each as it was\n")
            case "build":
                return tell_built(status.scheme, step(rebuilding.build))
            case "compare":
                return tell_compared(step(rebuilding.compare), options)
            case "switch":
                different = options.although_different
                step(partial(rebuilding.switch, although_different=different))
                sys.stdout.write(f"{status.scheme}: switched at {status.size} records\n")
            case "back":
                step(rebuilding.switch_back)
                sys.stdout.write(f"{status.scheme}: back again at {status.size} records\n")
            case _:
                step(rebuilding.drop)
                sys.stdout.write(f"{status.scheme}: nothing is kept beside the live generation\n")
    except (RebuildRefused, Halted) as refused:
        return failed(str(refused))
    return 0


def _step(
    settings: FoldSettings,
    status: SchemeStatus,
    source: RebuildSource,
    step: Callable[[FoldSettings, SchemeStatus, RebuildSource], Coroutine[None, None, T]],
) -> T:
    return run(shown(step(settings, status, source), status))
