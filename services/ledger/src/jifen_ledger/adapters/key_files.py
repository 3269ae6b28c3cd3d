"""Keys of the logs as files: seeds that only the owner may read, and the vkeys of retired keys."""

from __future__ import annotations

import asyncio
import re
import stat
from contextlib import suppress
from pathlib import Path

from jifen_ledger.adapters.durable_files import create_file, replace_file, sync_directory
from jifen_ledger.application.log_halted import HaltReason, SigningHalted
from jifen_ledger.application.log_ports import LogKeys
from jifen_ledger.log.keys import SigningKey, VerifierKey, parse_vkey
from jifen_ledger.log.verdicts import Malformed

# `<scheme>.key` signs; during a rotation `<scheme>.old.key` signs as well.
KEY, OLD_KEY, RETIRED = "key", "old.key", "retired"

_SEED = re.compile(r"[0-9a-f]{64}\n?", re.ASCII)


class KeyUnfit(Exception):  # noqa: N818 - it says what the file is
    """A key cannot be used: the service does not start with it."""


class KeyFiles:
    """The keys of a directory; a scheme's are named by the origin and the scheme."""

    def __init__(self, directory: Path, origin: str) -> None:
        """Take the directory, and what comes before the scheme in every key's name."""
        self._directory = directory
        self._origin = origin

    async def of(self, scheme: str, *, may_create: bool) -> LogKeys:
        """Return the scheme's keys. Raises SigningHalted, KeyUnfit."""
        return await asyncio.to_thread(self._of, scheme, may_create)

    def read(self, scheme: str) -> LogKeys:
        """Return the keys there are, maybe none. Raises KeyUnfit."""
        present = [self._path(scheme, kind) for kind in (KEY, OLD_KEY)]
        read = [self._key(scheme, path) for path in present if path.exists()]
        # A rotation that was cut short has the same key under both names.
        signing = list({key.verifier: key for key in read}.values())
        retired = self._path(scheme, RETIRED)
        lines = retired.read_text(encoding="utf-8").splitlines() if retired.exists() else []
        try:
            return LogKeys(signing, [parse_vkey(line) for line in lines])
        except Malformed as error:
            raise KeyUnfit(f"{retired}: {error}") from None

    def create(self, scheme: str) -> VerifierKey:
        """Make the scheme's first key. Raises FileExistsError."""
        key, seed = SigningKey.generate(self.name_of(scheme))
        create_file(self._path(scheme, KEY), f"{seed.hex()}\n")
        return key.verifier

    def rotate(self, scheme: str) -> VerifierKey:
        """Make a new key the current one; the one of before signs as well until it is retired.

        Raises KeyUnfit.
        """
        current, old = self._path(scheme, KEY), self._path(scheme, OLD_KEY)
        if not self.read(scheme).signing:
            raise KeyUnfit(f"{scheme} has no key that could be rotated")
        try:
            # Kept under both names until the new one stands in its place.
            old.hardlink_to(current)
        except FileExistsError:
            if not old.samefile(current):
                raise KeyUnfit(f"{scheme} is being rotated; retire the old key first") from None
        key, seed = SigningKey.generate(self.name_of(scheme))
        replace_file(current, f"{seed.hex()}\n")
        return key.verifier

    def retire(self, scheme: str) -> VerifierKey:
        """End a rotation: the old key signs no more, and its vkey stays known.

        Raises KeyUnfit.
        """
        old = self._path(scheme, OLD_KEY)
        keys = self.read(scheme)
        if not old.exists() or not keys.signing:
            raise KeyUnfit(f"{scheme} is not being rotated")
        retired = self._key(scheme, old).verifier
        if retired == keys.signing[0].verifier:
            raise KeyUnfit(f"{scheme}: the rotation was cut short; rotate again")
        known = [key for key in keys.retired if key != retired]
        lines = [f"{key.text}\n" for key in (*known, retired)]
        replace_file(self._path(scheme, RETIRED), "".join(lines))
        old.unlink()
        sync_directory(self._directory)
        return retired

    def name_of(self, scheme: str) -> str:
        """Return the name of the scheme's keys, which is its log's origin."""
        return f"{self._origin}/{scheme}"

    def _of(self, scheme: str, may_create: bool) -> LogKeys:  # noqa: FBT001 - for to_thread
        keys = self.read(scheme)
        if keys.signing:
            return keys
        if not may_create:
            detail = f"{self._path(scheme, KEY)} is not there, but something was signed with it"
            raise SigningHalted(HaltReason.KEY_MISSING, detail)
        # Another process may be making it at this moment; the first one there is the key.
        with suppress(FileExistsError):
            self.create(scheme)
        return self.read(scheme)

    def _key(self, scheme: str, path: Path) -> SigningKey:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077:
            raise KeyUnfit(f"{path}: others may read it; it must be a file of mode 0600")
        text = path.read_text(encoding="ascii", errors="replace")
        if _SEED.fullmatch(text) is None:
            raise KeyUnfit(f"{path}: a key is 64 lower-case hexadecimal digits")
        key = SigningKey(self.name_of(scheme), bytes.fromhex(text.strip()))
        if key.verifier.known_to_all:
            raise KeyUnfit(f"{path}: this key is of the test vectors; everybody knows it")
        return key

    def _path(self, scheme: str, kind: str) -> Path:
        return self._directory / f"{scheme}.{kind}"
