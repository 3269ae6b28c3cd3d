"""A stream in memory that stops where a test wants it to, and an event log made of nothing."""

import asyncio
import hashlib
from collections.abc import Sequence

from jifen_ingest.adapters.group_commit import GroupRefused
from jifen_ingest.application.event_log import Entry, Missed, Outcome, Stored

UNKNOWN = Missed("no answer", certain=False)


def entry(text: str, payload: bytes | None = None) -> Entry:
    body = payload if payload is not None else text.encode()
    content = hashlib.sha256(text.encode()).digest()
    return Entry(content, f"jifen.v1.plant.{text}", body, hashlib.sha256(body).hexdigest())


class FakeStream:
    """Stores each group when `go` is set; `fate` decides once about an entry by its text."""

    def __init__(self) -> None:
        self.stored: list[Entry] = []
        self.groups: list[tuple[str, list[str]]] = []
        self.go = asyncio.Event()
        self.go.set()
        self.fate: dict[str, Missed] = {}
        self.refuses_batches = False

    async def singles(self, group: Sequence[Entry]) -> list[Outcome]:
        await self._begin("singles", group)
        return [self._store(one) for one in group]

    async def batch(self, group: Sequence[Entry]) -> list[Outcome]:
        await self._begin("batch", group)
        if self.refuses_batches:
            raise GroupRefused("one of them is not to its liking")
        missed = [self.fate.pop(name) for one in group if (name := _text(one)) in self.fate]
        if missed:
            return [missed[0]] * len(group)
        return [self._store(one) for one in group]

    @property
    def texts(self) -> list[str]:
        return [_text(one) for one in self.stored]

    async def _begin(self, way: str, group: Sequence[Entry]) -> None:
        self.groups.append((way, [_text(one) for one in group]))
        await self.go.wait()

    def _store(self, one: Entry) -> Outcome:
        if fate := self.fate.pop(_text(one), None):
            return fate
        self.stored.append(one)
        return Stored(len(self.stored), one.payload_sha256)


class FakeLog:
    """An event log that keeps a list of what it was told, private parts and events alike."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.events: list[Entry] = []
        self.schemes = {"plant"}
        self.private_fate: Missed | None = None
        self.event_fate: Missed | None = None

    async def has(self, scheme: str) -> bool:
        return scheme in self.schemes

    def known(self, scheme: str, content: bytes) -> Stored | None:
        assert scheme in self.schemes
        for seq, one in enumerate(self.events, start=1):
            if one.content == content:
                return Stored(seq, one.payload_sha256, duplicate=True)
        return None

    async def keep_private(self, scheme: str, parts: Sequence[Entry]) -> list[Outcome]:
        assert scheme in self.schemes
        self.told.extend(part.subject for part in parts)
        return [self.private_fate or Stored(1, part.payload_sha256) for part in parts]

    async def append(self, scheme: str, entries: Sequence[Entry], *, atomic: bool) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for one in entries:
            if self.event_fate:
                outcomes.append(self.event_fate)
            elif known := self.known(scheme, one.content):
                outcomes.append(known)
            else:
                self.told.append(f"{one.subject}{' atomic' if atomic else ''}")
                self.events.append(one)
                outcomes.append(Stored(len(self.events), one.payload_sha256))
        return outcomes


def _text(one: Entry) -> str:
    return one.subject.rpartition(".")[2]
