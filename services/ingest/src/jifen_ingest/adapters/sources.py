"""The sources file: credentials by the hash of their tokens, read again whenever it changes."""

import hashlib
import hmac
import re
import secrets
import time
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import structlog
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from jifen_contracts.ids import Id, Sha256Hex
from jifen_ingest.domain.credentials import Credential
from jifen_ingest.domain.refusals import Unauthorised
from jifen_ingest.domain.scopes import Scope

# 256 bits; fewer than 128 could be guessed from their hash.
TOKEN_BYTES: Final = 32
CREDENTIALS_MAX: Final = 1_000
# To look costs as much as checking an event does, so it is not done for each of thousands a second.
LOOK_EVERY_S: Final = 0.01
_BEARER: Final = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/=-]{16,256})")

_log = structlog.get_logger(__name__)

SourceText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S+$")]


class SourcesUnfit(Exception):  # noqa: N818 - told to the operator in one line
    """The sources file cannot be used."""


class _Stanza(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Id
    # "PRIVATE_x" or a dot would spell another stream or subject; an Id cannot.
    scheme: Id
    token_sha256: Sha256Hex
    sources: Annotated[list[SourceText], Field(min_length=1, max_length=100)]
    scopes: Annotated[list[Scope], Field(min_length=1)]
    # While senders change over to a new token, the one of before counts as well.
    old_token_sha256: Sha256Hex | None = None
    old_until: AwareDatetime | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    credential: Annotated[list[_Stanza], Field(max_length=CREDENTIALS_MAX)] = []


class Sources:
    """Finds the credential of a token. A file gone bad leaves the last good one in force."""

    def __init__(self, path: Path, *, look_every_s: float = LOOK_EVERY_S) -> None:
        self._path = path
        self._look_every_s = look_every_s
        self._mark = _mark_of(path)
        self._look_again = time.monotonic() + look_every_s
        self._credentials = read_sources(path)

    @property
    def schemes(self) -> frozenset[str]:
        return frozenset(one.scheme for one in self._credentials)

    def credential_of(self, authorization: str | None) -> Credential:
        """Return the credential of an Authorization header; raises Unauthorised."""
        if authorization is None:
            raise Unauthorised("the header Authorization is missing")
        if (bearer := _BEARER.fullmatch(authorization)) is None:
            raise Unauthorised("Authorization is not of the form: Bearer <token>")
        digest = hashlib.sha256(bearer[1].encode()).digest()
        if time.monotonic() >= self._look_again:
            self._reload_if_changed()
        found = self._with(digest)
        if found is None:
            # A token that was made a moment ago is good at once.
            self._reload_if_changed()
            found = self._with(digest)
        if found is None:
            raise Unauthorised("no credential has this token")
        return found

    def _with(self, digest: bytes) -> Credential | None:
        found: Credential | None = None
        # Every credential is compared in full, so the time tells nothing.
        for credential in self._credentials:
            if hmac.compare_digest(credential.token_sha256, digest) or _is_old(credential, digest):
                found = credential
        return found

    def _reload_if_changed(self) -> None:
        self._look_again = time.monotonic() + self._look_every_s
        mark = _mark_of(self._path)
        if mark == self._mark:
            return
        self._mark = mark
        try:
            self._credentials = read_sources(self._path)
        except SourcesUnfit as unfit:
            _log.error("sources_unfit", reason=str(unfit))
        else:
            _log.info("sources_reloaded", credentials=len(self._credentials))


def read_sources(path: Path) -> tuple[Credential, ...]:
    """Return the credentials of the file; SourcesUnfit names the first thing wrong."""
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourcesUnfit(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise SourcesUnfit(f"{path}: {place}: {first['msg']}") from None
    _refuse_twins(path, {"name": [one.name for one in file.credential]})
    tokens = [one.token_sha256 for one in file.credential]
    tokens += [one.old_token_sha256 for one in file.credential if one.old_token_sha256]
    _refuse_twins(path, {"token_sha256": tokens})
    for stanza in file.credential:
        if (stanza.old_token_sha256 is None) != (stanza.old_until is None):
            raise SourcesUnfit(f"{path}: {stanza.name}: old_token_sha256 goes with old_until")
        if set(stanza.scopes) == {Scope.HISTORY}:
            raise SourcesUnfit(f"{path}: {stanza.name}: history needs a second scope beside it")
    return tuple(
        Credential(
            name=stanza.name,
            scheme=stanza.scheme,
            token_sha256=bytes.fromhex(stanza.token_sha256),
            sources=frozenset(stanza.sources),
            scopes=frozenset(stanza.scopes),
            old_token_sha256=_bytes_of(stanza.old_token_sha256),
            old_until=stanza.old_until,
        )
        for stanza in file.credential
    )


def new_token() -> tuple[str, str]:
    """Return a token and its hash; only the hash is ever written down."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, hashlib.sha256(token.encode()).hexdigest()


def _bytes_of(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


def _is_old(credential: Credential, digest: bytes) -> bool:
    if credential.old_token_sha256 is None or credential.old_until is None:
        return False
    same = hmac.compare_digest(credential.old_token_sha256, digest)
    return same and datetime.now(UTC) < credential.old_until


def _refuse_twins(path: Path, fields: Mapping[str, list[str]]) -> None:
    for field, values in fields.items():
        for value in values:
            if values.count(value) > 1:
                raise SourcesUnfit(f"{path}: two credentials have the {field} {value}")


def _mark_of(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)
