"""The files that a person writes or keeps: the witness's key, and the logs that it watches."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final

from jifen_ledger.log.keys import Algorithm, SigningKey, VerifierKey, parse_vkey
from jifen_ledger.log.note import name_fits
from jifen_ledger.log.verdicts import Malformed
from jifen_witness.adapters.failure import CommandFailed
from jifen_witness.domain.judging import Logs

KEY: Final = "witness.key"
STATE: Final = "witness.db"

_KEY: Final = re.compile(r"(\S+)\n([0-9a-f]{64})\n")


def create_key(directory: Path, name: str) -> VerifierKey:
    """Make the witness's key: its name, and 32 random bytes. Raises CommandFailed."""
    if not name_fits(name):
        raise CommandFailed(f"{name!r} cannot name a key: no blanks, no +")
    key, seed = SigningKey.generate(name, Algorithm.COSIGNATURE)
    path = directory / KEY
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandFailed(f"{path} is there already; a witness keeps its key") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{name}\n{seed.hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    return key.verifier


def read_key(directory: Path) -> SigningKey:
    """Return the witness's key. Raises CommandFailed, OSError."""
    path = directory / KEY
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) or stat.S_IMODE(mode) & 0o077:
        raise CommandFailed(f"{path}: others may read it; it must be a file of mode 0600")
    found = _KEY.fullmatch(path.read_text(encoding="utf-8"))
    if found is None or not name_fits(found[1]):
        raise CommandFailed(f"{path}: a key is a line with its name and one of 64 hex digits")
    key = SigningKey(found[1], bytes.fromhex(found[2]), Algorithm.COSIGNATURE)
    if key.verifier.known_to_all:
        raise CommandFailed(f"{path}: this key is of the test vectors; everybody knows it")
    return key


def read_logs(path: Path) -> Logs:
    """Return the keys of the logs that are watched, by origin. Raises CommandFailed, OSError."""
    logs: dict[str, list[VerifierKey]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            key = parse_vkey(text)
        except Malformed as error:
            raise CommandFailed(f"{path}, line {number}: {error}") from None
        if key.algorithm is not Algorithm.LOG or key.known_to_all:
            raise CommandFailed(f"{path}, line {number}: not the key of a log, or known to all")
        # During a rotation a log has two keys of one name.
        logs.setdefault(key.name, []).append(key)
    if not logs:
        raise CommandFailed(f"{path} names no log: one vkey a line")
    return logs
