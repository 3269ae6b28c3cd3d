"""What the audit commands are told: where the log lies, the keys, and what is known besides."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jifen_ledger.adapters.audit.archive import unpacked
from jifen_ledger.adapters.audit.folder import BundleFolder, folder
from jifen_ledger.adapters.audit.live import live
from jifen_ledger.application.audit.audited import Audited, Kept
from jifen_ledger.application.audit.times import SKEW_S
from jifen_ledger.application.audit.verify import Asked, Trust
from jifen_ledger.log.keys import Algorithm, VerifierKey, parse_vkey
from jifen_ledger.log.policy import Policy, parse_policy
from jifen_ledger.log.verdicts import Malformed

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class Misused(Exception):  # noqa: N818 - an answer to whoever typed it
    """The arguments do not go together."""


def add_place(parser: argparse.ArgumentParser, *, url: bool = True) -> None:
    """Add the ways to say where the log lies."""
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument(
        "--bundle", metavar="FILE", type=Path, help="an audit bundle, a .tar.gz; or unpacked"
    )
    place.add_argument(
        "--dir", metavar="DIR", type=Path, help="an unpacked bundle, or a log's export as files"
    )
    if url:
        place.add_argument(
            "--url", metavar="URL", help="the log of a running ledger: …/v1/schemes/SCHEME/log"
        )
        parser.add_argument(
            "--token-file", metavar="FILE", type=Path, help="a token that may read the entries"
        )


def add_keys(parser: argparse.ArgumentParser) -> None:
    """Add the keys of the log and of its witnesses."""
    parser.add_argument(
        "--vkey", metavar="K", type=_log_key, action="append", default=[], dest="vkeys",
        help="the log's key from a place you trust, or @FILE; never the one in the bundle",
    )  # fmt: skip
    parser.add_argument(
        "--witness", metavar="K", type=_witness_key, action="append", default=[],
        dest="witnesses", help="the key of a witness, or @FILE",
    )  # fmt: skip
    parser.add_argument(
        "--quorum", metavar="N", type=int, default=0, help="so many witnesses must have cosigned"
    )
    parser.add_argument(
        "--policy", metavar="FILE", type=_policy,
        help="a trust policy (C2SP tlog-policy): keys of logs and witnesses, and their quorum",
    )  # fmt: skip


def add_trust(parser: argparse.ArgumentParser) -> None:
    """Add the keys, and what else the auditor knows."""
    add_keys(parser)
    parser.add_argument(
        "--old", metavar="FILE", type=Path, action="append", default=[],
        help="a checkpoint kept from an earlier time",
    )  # fmt: skip
    parser.add_argument("--balances", metavar="FILE", type=Path, help="compare with these balances")
    parser.add_argument(
        "--max-late", metavar="DURATION", type=_duration, default=SKEW_S,
        help="how late a record may have been added, such as 2h (default: 5m)",
    )  # fmt: skip


@contextmanager
def audited_of(options: argparse.Namespace) -> Iterator[Audited]:
    """Open what is to be audited. Raises AuditFailed, OSError."""
    if options.bundle is not None:
        with opened_bundle(options.bundle) as bundle:
            yield bundle
    elif options.dir is not None:
        yield folder(options.dir)
    else:
        token = options.token_file
        with live(options.url, None if token is None else token.read_text().strip()) as log:
            yield log


@contextmanager
def opened_bundle(path: Path) -> Iterator[BundleFolder]:
    """Open a bundle, packed or not. Raises AuditFailed, OSError."""
    if path.is_dir():
        yield BundleFolder(path)
        return
    with unpacked(path) as directory:
        yield BundleFolder(directory)


def trust_of(options: argparse.Namespace) -> Trust:
    """Return the keys. Raises Misused."""
    policy: Policy | None = options.policy
    # A key on the command line is meant for this log, whatever logs the policy knows besides.
    logs = options.vkeys or ([] if policy is None else policy.logs)
    if not logs:
        raise Misused("--vkey, or a --policy that names the log, is required")
    if len({key.name for key in logs}) > 1:
        raise Misused("several logs are named: say with --vkey which one it is")
    witnesses = dict.fromkeys([*options.witnesses, *([] if policy is None else policy.witnesses)])
    if not 0 <= options.quorum <= len(witnesses):
        raise Misused(f"--quorum {options.quorum} needs as many keys of witnesses")
    return Trust(logs, [*witnesses], options.quorum, policy)


def asked_of(options: argparse.Namespace) -> Asked:
    """Return what is to be checked. Raises Misused, OSError."""
    return Asked(
        trust_of(options),
        [Kept(str(path), path.read_bytes()) for path in options.old],
        None if options.balances is None else options.balances.read_bytes(),
        getattr(options, "hashes_only", False),
        options.max_late,
    )


def _key_of(algorithm: Algorithm) -> Callable[[str], VerifierKey]:
    def key(text: str) -> VerifierKey:
        try:
            line = Path(text[1:]).read_text().strip() if text.startswith("@") else text
            found = parse_vkey(line)
        except (Malformed, OSError, UnicodeDecodeError) as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        if found.algorithm is not algorithm:
            raise argparse.ArgumentTypeError("a key of another kind: logs and witnesses have own")
        return found

    return key


def _policy(text: str) -> Policy:
    try:
        return parse_policy(Path(text).read_bytes())
    except (Malformed, OSError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


_log_key = _key_of(Algorithm.LOG)
_witness_key = _key_of(Algorithm.COSIGNATURE)


def _duration(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,9})([smhd])", text, re.ASCII)
    if found is None:
        raise argparse.ArgumentTypeError("such as 90s, 10m, 2h or 1d")
    return int(found[1]) * _UNITS[found[2]]
