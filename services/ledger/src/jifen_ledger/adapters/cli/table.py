"""The commands beside the service itself; each is imported when it is the one asked for."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping

Parser = argparse.ArgumentParser
# What --help says of the command, and what adds its options.
Listed = tuple[str, Callable[[Parser], None]]


def an_id(text: str) -> str:
    """Return the text if it is an id."""
    from jifen_contracts.ids import ID_PATTERN

    if re.fullmatch(ID_PATTERN, text) is None:
        raise argparse.ArgumentTypeError("not an id: 2 to 64 of a-z, 0-9 and -")
    return text


def _status(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.status_command import fill_status

    fill_status(parser, an_id)


def _records(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.records_commands import fill_records

    fill_records(parser, an_id)


def _backup(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.backup_commands import fill_backup

    fill_backup(parser)


def _restore(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.backup_commands import fill_restore

    fill_restore(parser)


def _token(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.token_command import fill_token

    fill_token(parser, an_id)


def _digest(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.digest_command import fill_digest

    fill_digest(parser, an_id)


def _export(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.export_commands import fill_export

    fill_export(parser)


def _check_export(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.export_commands import fill_check

    fill_check(parser)


def _evidence(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.evidence_commands import fill_evidence

    fill_evidence(parser, an_id)


def _log(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.log_parser import fill_log

    fill_log(parser, an_id)


def _audit(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.audit_parser import fill_audit

    fill_audit(parser, an_id)


def _settings(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.settings_command import fill_settings

    fill_settings(parser)


def _scheme(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.scheme_parser import fill_scheme

    fill_scheme(parser)


COMMANDS: Mapping[str, Listed] = {
    "status": ("say of each scheme how far it is, who holds it, and what is wrong", _status),
    "records": ("list the records that were refused, and show one", _records),
    "backup": ("write streams, files and database into a directory, keys apart", _backup),
    "restore": ("bring a backup back, into servers that are empty", _restore),
    "token": ("make a reader's token and its lines of the file", _token),
    "settings": ("list the environment variables of the service", _settings),
    "digest": ("print a hash of everything held of a scheme", _digest),
    "export": ("write everything of a scheme into a directory or a .tar.gz", _export),
    "check-export": (
        "check an export by itself: hashes, rows, records, balances, bulletins",
        _check_export,
    ),
    "evidence": ("work on the files of evidence", _evidence),
    "log": ("keys of the verifiable log, its anchor, its export as files", _log),
    "audit": ("check a log: signatures, tree, records, balances, decisions", _audit),
    "scheme": (
        "lint a draft of the scheme, compare, simulate, write the event that publishes it",
        _scheme,
    ),
}
