"""`reconcile`, `refill-stream` and `refill-ledger`."""

from __future__ import annotations

import argparse
import logging

from jifen_ledger.adapters.cli.progress import shown
from jifen_ledger.adapters.cli.reconcile_text import (
    json_of_report,
    lines_of_ledger,
    lines_of_refill,
    lines_of_report,
)
from jifen_ledger.adapters.cli.said import failed, tell
from jifen_ledger.adapters.log_lines import configure_log
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.application.refilling.ports import RefillRefused
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Halted, Unavailable
from jifen_ledger.commands.running import run
from jifen_ledger.composition.reconciling import reconcile
from jifen_ledger.composition.refilling import Made, refill_ledger, refill_stream
from jifen_ledger.settings import ReconcileSettings, RefillLedgerSettings

# Of `reconcile`: nothing was found, because nothing could be compared.
UNANSWERED = 2


def reconcile_scheme(options: argparse.Namespace) -> int:

    settings = ReconcileSettings()
    configure_log(logging.ERROR)
    status = SchemeStatus(options.scheme)
    try:
        report = run(shown(reconcile(settings, status), status))
    except Unavailable as unavailable:
        failed(str(unavailable))
        return UNANSWERED
    except Halted as halted:
        return failed(str(halted))
    tell([json_of_report(report)] if options.json else lines_of_report(report))
    return 0 if report.finding is None else 1


def refill_stream_of(options: argparse.Namespace) -> int:
    """Write the stream again."""
    settings = ReconcileSettings()
    configure_log(logging.ERROR)
    status = SchemeStatus(options.scheme)
    made = Made(options.replicas, options.erasable_for_tests)
    try:
        refilled = run(shown(refill_stream(settings, status, made, options.set_aside), status))
    except (RefillRefused, Halted) as refused:
        return failed(str(refused))
    tell(lines_of_refill(status.scheme, refilled))
    return 0


def refill_ledger_of(options: argparse.Namespace) -> int:
    """Make the tables again."""
    settings = RefillLedgerSettings()
    configure_log(logging.ERROR)
    upgrade(settings.database_url.get_secret_value())
    status = SchemeStatus(options.scheme)
    try:
        refilled = run(shown(refill_ledger(settings, status), status))
    except (RefillRefused, Halted) as refused:
        return failed(str(refused))
    tell(lines_of_ledger(status.scheme, refilled))
    return 0
