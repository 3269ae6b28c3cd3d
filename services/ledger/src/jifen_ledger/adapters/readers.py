"""Readers and their tokens: a TOML file with hashes, read again when it changes."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from jifen_contracts.ids import Id, Sha256Hex
from jifen_ledger.application.queries.refusals import Unauthorised
from jifen_ledger.application.queries.rights import Column, Reader

READERS_MAX = 10_000
TOKEN_BYTES = 32

_log = structlog.get_logger()
_BEARER = re.compile(r"Bearer ([\x21-\x7e]{1,512})", re.IGNORECASE)
_NEED_MEMBER = frozenset({Column.SELF, Column.BRANCH})

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


class ReadersUnfit(Exception):  # noqa: N818 - it says what the file is
    """The file of readers cannot be used as it is."""


class _Stanza(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    scheme: Id
    token_sha256: Sha256Hex
    column: Literal["self", "branch", "staff", "reviewer", "upper", "auditor", "public", "shop"]
    member: Id | None = None


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reader: Annotated[tuple[_Stanza, ...], Field(max_length=READERS_MAX)] = ()


class Readers:
    """The readers of a file. A file that became unfit is reported, and the last good one holds."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises ReadersUnfit."""
        self._path = path
        self._mark = _mark_of(path)
        self._readers = read_readers(path)

    def reader_of(self, authorization: str | None) -> Reader:
        """Return whom an Authorization header names. Raises Unauthorised."""
        self._reload_if_changed()
        if authorization is None:
            raise Unauthorised("The header Authorization is missing.")
        bearer = _BEARER.fullmatch(authorization)
        if bearer is None:
            raise Unauthorised("Authorization is not of the form: Bearer <token>.")
        digest = hashlib.sha256(bearer[1].encode()).digest()
        found: Reader | None = None
        # Every reader is compared in full, so the time tells nothing.
        for token_sha256, reader in self._readers:
            if hmac.compare_digest(token_sha256, digest):
                found = reader
        if found is None:
            raise Unauthorised("No reader has this token.")
        return found

    def _reload_if_changed(self) -> None:
        mark = _mark_of(self._path)
        if mark == self._mark:
            return
        self._mark = mark
        try:
            self._readers = read_readers(self._path)
        except ReadersUnfit as unfit:
            _log.error("readers_unfit", reason=str(unfit))
        else:
            _log.info("readers_reloaded", readers=len(self._readers))


def read_readers(path: Path) -> tuple[tuple[bytes, Reader], ...]:
    """Return the readers of the file by the hash of their token. Raises ReadersUnfit."""
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReadersUnfit(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ReadersUnfit(f"{path}: {place}: {first['msg']}") from None
    hashes = [one.token_sha256 for one in file.reader]
    if len(set(hashes)) < len(hashes):
        raise ReadersUnfit(f"{path}: two readers have the same token")
    return tuple((bytes.fromhex(one.token_sha256), _reader(path, one)) for one in file.reader)


def _reader(path: Path, stanza: _Stanza) -> Reader:
    column = Column(stanza.column)
    if column in _NEED_MEMBER and stanza.member is None:
        raise ReadersUnfit(f"{path}: {stanza.name}: column {column} needs a member")
    return Reader(stanza.name, stanza.scheme, column, stanza.member)


def make_reader_token(
    name: str, scheme: str, column: str, member: str | None = None
) -> tuple[str, str]:
    """Return a new token, and the lines of the file that admit it; only its hash is in them.

    Raises ReadersUnfit.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    fields = {
        "name": name,
        "scheme": scheme,
        "token_sha256": hashlib.sha256(token.encode()).hexdigest(),
        "column": column,
    }
    if member is not None:
        fields["member"] = member
    try:
        _reader(Path(name), _Stanza.model_validate(fields))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ReadersUnfit(f"{first['loc'][0]}: {first['msg']}") from None
    # Every value fits a pattern without quotes or backslashes.
    lines = [f'{key} = "{value}"' for key, value in fields.items()]
    return token, "\n".join(["[[reader]]", *lines, ""])


def _mark_of(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)
