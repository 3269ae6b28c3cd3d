"""A log at an address: what a running ledger serves of it (tlog.md §8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import IO, Any, Final

import httpx

from jifen_ledger.application.audit.audited import AuditFailed, Kept
from jifen_ledger.application.audit.contents import BALANCES, FILE_BYTES_MAX
from jifen_ledger.log.checkpoint import parse_checkpoint
from jifen_ledger.log.note import parse_note

TIMEOUT_S: Final = 60.0
# A bundle is made when it is asked for.
MADE_WITHIN_S: Final = 1_800.0
PAGE: Final = 1_000


class LiveFailed(OSError):  # noqa: N818 - it says who did not answer
    """The ledger did not answer, or not to whoever asks."""


class LiveLog:
    """The log of a running ledger, at the size of the checkpoint that was read first."""

    def __init__(self, client: httpx.Client) -> None:
        """Ask through a client whose base is the log's prefix."""
        self._client = client
        self._checkpoint: bytes | None = None

    @property
    def name(self) -> str:
        """The address."""
        return str(self._client.base_url)

    def log(self, path: str) -> bytes | None:
        """Return what is served at the path."""
        if path != "checkpoint":
            return self._get(path)
        # The log grows: one audit is of one checkpoint.
        self._checkpoint = self._checkpoint or self._get(path)
        return self._checkpoint

    def earlier(self) -> Iterator[Kept]:
        """Yield the published checkpoints up to the one that is audited."""
        assert self._checkpoint is not None, "the newest checkpoint is read first"
        end = parse_checkpoint(parse_note(self._checkpoint).text).size
        following = 0
        while True:
            answer = self._answer("checkpoints", {"from": str(following), "limit": PAGE})
            if answer is None:
                return
            page: list[dict[str, Any]] = answer.json()["checkpoints"]
            for one in page:
                # The log may have grown since.
                if one["size"] <= end:
                    yield Kept(f"checkpoint of size {one['size']}", str(one["note"]).encode())
            if len(page) < PAGE:
                return
            following = page[-1]["size"] + 1

    def balances(self, size: int) -> bytes | None:
        """Return the ledger's balances."""
        return self._get(f"{BALANCES}/{size}")

    def rankings(self, size: int) -> bytes | None:
        """Return the ledger's rankings."""
        return self._get(f"rankings/{size}")

    def raw(self, seq: int) -> bytes | None:  # noqa: ARG002 - no ledger serves them
        """Return None."""
        return None

    def check(self, size: int, root: bytes, origin: str) -> None:
        """Check nothing: an address says nothing of the whole."""

    def download(self, path: str, part: IO[bytes]) -> None:
        """Write what is served at the path, piece by piece. Raises LiveFailed."""
        try:
            with self._client.stream("GET", path, timeout=MADE_WITHIN_S) as answer:
                if answer.status_code != HTTPStatus.OK:
                    raise LiveFailed(f"{self.name}{path} answers {answer.status_code}")
                for piece in answer.iter_raw():
                    part.write(piece)
        except httpx.HTTPError as error:
            raise LiveFailed(f"{self.name}{path}: {type(error).__name__}: {error}") from None

    def _get(self, path: str) -> bytes | None:
        answer = self._answer(path)
        return None if answer is None else answer.content

    def _answer(self, path: str, query: dict[str, Any] | None = None) -> httpx.Response | None:
        try:
            answer = self._client.get(path, params=query)
        except httpx.HTTPError as error:
            raise LiveFailed(f"{self.name}{path}: {type(error).__name__}: {error}") from None
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        if answer.status_code != HTTPStatus.OK:
            raise LiveFailed(f"{self.name}{path} answers {answer.status_code}")
        if len(answer.content) > FILE_BYTES_MAX:
            raise AuditFailed(f"{path} is longer than 1 GiB")
        return answer


@contextmanager
def live(url: str, token: str | None) -> Iterator[LiveLog]:
    """Open the log at an address, until the block ends."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    base = url.rstrip("/") + "/"
    with httpx.Client(base_url=base, headers=headers, timeout=TIMEOUT_S) as client:
        yield LiveLog(client)


def download_bundle(url: str, token: str | None, size: int | None, part: IO[bytes]) -> None:
    """Write the audit bundle of a published size, by default the newest. Raises LiveFailed."""
    with live(url, token) as log:
        note = log.log("checkpoint") if size is None else None
        if size is None and note is None:
            raise LiveFailed(f"{log.name}: there is no log")
        wanted = size if note is None else parse_checkpoint(parse_note(note).text).size
        log.download(f"audit-bundle/{wanted}", part)
