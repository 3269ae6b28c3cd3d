"""`jifen-ledger log …`: keys, the anchor, and the export of a log as files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from jifen_ledger.adapters.anchor_files import AnchorFiles
from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.key_files import KeyFiles, KeyUnfit
from jifen_ledger.adapters.log_export import ExportFailed, export_log
from jifen_ledger.application.log_halted import SigningHalted
from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.log.checkpoint import open_checkpoint
from jifen_ledger.log.keys import VerifierKey
from jifen_ledger.log.verdicts import Unbelieved
from jifen_ledger.settings import DatabaseSettings, LogFilesSettings


def make_key(options: argparse.Namespace) -> int:
    """Make a scheme's first key and print its vkey."""
    settings = LogFilesSettings()
    keys = _keys(settings)
    try:
        if AnchorFiles(settings.log_anchor_dir).read_now(options.scheme) is not None:
            raise CommandFailed(f"{options.scheme} was signed already; bring back its key")
        return _print([keys.create(options.scheme)])
    except FileExistsError:
        raise CommandFailed(f"{options.scheme} has a key already") from None
    except SigningHalted as halted:
        raise CommandFailed(halted.detail) from None


def show_keys(options: argparse.Namespace) -> int:
    """Print a scheme's vkeys, the current one first."""
    try:
        keys = _keys(LogFilesSettings()).read(options.scheme)
    except KeyUnfit as unfit:
        raise CommandFailed(str(unfit)) from None
    if not keys.signing:
        raise CommandFailed(f"{options.scheme} has no key yet")
    return _print([*(key.verifier for key in keys.signing), *keys.retired])


def rotate_key(options: argparse.Namespace) -> int:
    """Make a new key the current one and print its vkey; the old one signs as well."""
    try:
        return _print([_keys(LogFilesSettings()).rotate(options.scheme)])
    except KeyUnfit as unfit:
        raise CommandFailed(str(unfit)) from None


def retire_key(options: argparse.Namespace) -> int:
    """End the rotation: the old key signs no more; print its vkey."""
    try:
        return _print([_keys(LogFilesSettings()).retire(options.scheme)])
    except KeyUnfit as unfit:
        raise CommandFailed(str(unfit)) from None


def set_anchor(options: argparse.Namespace) -> int:
    """Write an anchor that was lost from a checkpoint that somebody kept."""
    settings = LogFilesSettings()
    anchors = AnchorFiles(settings.log_anchor_dir)
    checkpoint: Path = options.checkpoint
    try:
        if anchors.read_now(options.scheme) is not None:
            raise CommandFailed(f"{options.scheme} has its anchor")
        keys = _keys(settings).read(options.scheme)
        own = {*(key.verifier for key in keys.signing), *keys.retired}
        found = open_checkpoint(checkpoint.read_bytes(), own).checkpoint
        anchors.write_now(options.scheme, Anchor(found.size, found.root))
        # Somebody was shown it.
        anchors.show_now(options.scheme, found.size)
    except (KeyUnfit, SigningHalted, Unbelieved) as error:
        raise CommandFailed(str(error)) from None
    sys.stdout.write(f"{options.scheme} is anchored at size {found.size}\n")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write the log as files."""
    url = DatabaseSettings().database_url.get_secret_value()
    try:
        size = export_log(url, options.scheme, options.out, options.size)
    except ExportFailed as failed:
        raise CommandFailed(str(failed)) from None
    sys.stdout.write(f"{options.out}: {options.scheme} at size {size}\n")
    return 0


def _keys(settings: LogFilesSettings) -> KeyFiles:
    return KeyFiles(settings.log_key_dir, settings.log_origin)


def _print(keys: list[VerifierKey]) -> int:
    sys.stdout.write("".join(f"{key.text}\n" for key in keys))
    return 0
