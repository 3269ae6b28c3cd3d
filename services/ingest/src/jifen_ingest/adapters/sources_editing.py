"""Edits the sources file: a token is made, changed or withdrawn, and the rest stays as it is."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table
from tomlkit.toml_document import TOMLDocument

from jifen_ingest.adapters.sources import SourcesUnfit, new_token, read_sources

OWNER_ONLY: Final = 0o600
OLD: Final = ("old_token_sha256", "old_until")


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token, shown this once, and until when the one of before counts as well."""

    name: str
    scheme: str
    token: str
    old_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new credential may do."""

    name: str
    scheme: str
    sources: Sequence[str]
    scopes: Sequence[str]


class SourcesFile:
    """The file on disk. A running ingest takes up each change with the next request."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(self, wanted: Wanted) -> Issued:
        """Add a credential, and the file if there is none. Raises SourcesUnfit."""
        token, token_sha256 = new_token()
        with self._editing(may_lack=True) as stanzas:
            if any(stanza["name"] == wanted.name for stanza in stanzas):
                raise SourcesUnfit(f"{self._path} has a credential {wanted.name} already")
            stanza = tomlkit.table()
            stanza.update(
                {
                    "name": wanted.name,
                    "scheme": wanted.scheme,
                    "token_sha256": token_sha256,
                    "sources": list(wanted.sources),
                    "scopes": list(wanted.scopes),
                }
            )
            stanzas.append(stanza)
        return Issued(wanted.name, wanted.scheme, token)

    def rotate(self, name: str, overlap: timedelta) -> Issued:
        """Give the credential a new token; the one of now counts for so long as well.

        One that was rotated out before ends at once. Raises SourcesUnfit.
        """
        token, token_sha256 = new_token()
        until = datetime.now(UTC).replace(microsecond=0) + overlap if overlap else None
        with self._editing() as stanzas:
            stanza = self._named(stanzas, name)
            present = str(stanza["token_sha256"])
            _forget_old(stanza)
            stanza["token_sha256"] = token_sha256
            if until is not None:
                stanza["old_token_sha256"] = present
                stanza["old_until"] = until
            scheme = str(stanza["scheme"])
        return Issued(name, scheme, token, until)

    def retire(self, name: str) -> None:
        """End a rotation: the old token counts no more. Raises SourcesUnfit."""
        with self._editing() as stanzas:
            stanza = self._named(stanzas, name)
            if OLD[0] not in stanza:
                raise SourcesUnfit(f"{name} has no old token")
            _forget_old(stanza)

    def revoke(self, name: str) -> None:
        """Remove the credential: none of its tokens counts any more. Raises SourcesUnfit."""
        with self._editing() as stanzas:
            self._named(stanzas, name)
            place = [stanza["name"] for stanza in stanzas].index(name)
            del stanzas[place]

    def _named(self, stanzas: AoT, name: str) -> Table:
        for stanza in stanzas:
            if stanza["name"] == name:
                assert isinstance(stanza, Table)
                return stanza
        raise SourcesUnfit(f"{self._path} has no credential {name}")

    @contextmanager
    def _editing(self, *, may_lack: bool = False) -> Iterator[AoT]:
        """Yield the credentials; what is then there replaces the file, if it can be used."""
        with _alone(self._path.parent):
            document = self._read(may_lack=may_lack)
            if "credential" not in document:
                document["credential"] = tomlkit.aot()
            stanzas = document["credential"]
            assert isinstance(stanzas, AoT)
            yield stanzas
            if not stanzas:
                del document["credential"]
            self._replace(tomlkit.dumps(document))

    def _read(self, *, may_lack: bool) -> TOMLDocument:
        if may_lack and not self._path.exists():
            return tomlkit.document()
        # Not a line of a file that is wrong is touched.
        read_sources(self._path)
        try:
            return tomlkit.parse(self._path.read_text(encoding="utf-8"))
        except TOMLKitError as error:
            raise SourcesUnfit(f"{self._path}: {error}") from error

    def _replace(self, text: str) -> None:
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                if self._path.exists():
                    _like(self._path, file.fileno())
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            try:
                read_sources(draft)
            except SourcesUnfit as unfit:
                raise SourcesUnfit(str(unfit).replace(str(draft), str(self._path))) from None
            draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)
        _sync(self._path.parent)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Keep a second command waiting that would edit the same file."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _like(path: Path, descriptor: int) -> None:
    """Whoever could read the file can read the new one: ingest may be another user."""
    found = path.stat()
    os.fchmod(descriptor, found.st_mode & 0o777)
    if (found.st_uid, found.st_gid) != (os.geteuid(), os.getegid()):
        os.fchown(descriptor, found.st_uid, found.st_gid)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _forget_old(stanza: Table) -> None:
    for key in OLD:
        if key in stanza:
            del stanza[key]
