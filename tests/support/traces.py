"""Searches everything that a ledger keeps, tells and writes for marks that were planted."""

import asyncio
import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import nats.js.errors
import psycopg
from nats.aio.client import Client
from psycopg import sql

from tests.support.servers import libpq_url

TABLES = """
    SELECT table_schema, table_name FROM information_schema.tables
    WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'
    ORDER BY 1, 2
"""
# Of paths that take several ids, so many combinations are asked.
COMBINED_MAX = 3
AT_ONCE_MAX = 8

Found = set[tuple[str, str]]
"""Where a mark was found, and its name."""


class Marks:
    """Planted words by name; bytes are also known by their hexadecimal digits."""

    def __init__(self, words: Mapping[str, bytes]) -> None:
        self._forms = {
            name: (word, word.hex().encode(), word.hex().upper().encode())
            for name, word in words.items()
        }
        self.names = set(words)

    def within(self, content: bytes) -> set[str]:
        return {
            name for name, forms in self._forms.items() if any(form in content for form in forms)
        }

    def at(self, place: str, content: bytes) -> Found:
        return {(place, name) for name in self.within(content)}


def in_tables(url: str, marks: Marks) -> Found:
    """In every row of every table of every schema, as text."""
    found: Found = set()
    with psycopg.connect(libpq_url(url)) as connection:
        for schema, table in connection.execute(TABLES).fetchall():
            copied = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, table))
            with connection.cursor() as cursor, cursor.copy(copied) as copy:
                found |= marks.at(f"{schema}.{table}", b"".join(bytes(block) for block in copy))
    return found


def schemas(url: str) -> set[str]:
    with psycopg.connect(libpq_url(url)) as connection:
        return {schema for schema, _ in connection.execute(TABLES).fetchall()}


async def in_streams(client: Client, scheme: str, marks: Marks) -> Found:
    """In every message, subject and header of every stream of the scheme: files are messages."""
    jetstream, found = client.jetstream(), set[tuple[str, str]]()
    for stream in await jetstream.streams_info():
        name = stream.config.name or ""
        if not name.endswith(f"_{scheme}"):
            continue
        seq = 0
        while True:
            try:
                message = await jetstream.get_msg(name, seq=seq + 1, subject=">", next=True)
            except nats.js.errors.NotFoundError:
                break
            assert message.seq is not None
            seq = message.seq
            told = b"\n".join(
                (f"{message.subject} {message.headers}".encode(), message.data or b"")
            )
            found |= marks.at(name, told)
    return found


def in_files(marks: Marks, *places: Path) -> Found:
    """In the bytes of every file below the places."""
    found: Found = set()
    for place in places:
        for path in place.rglob("*") if place.is_dir() else [place]:
            if path.is_file():
                found |= marks.at(str(path), path.read_bytes())
    return found


class Answers:
    """Asks every read of the ledger's own document, as every reader, about some ids."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        scheme: str,
        tokens: Mapping[str, str],
        ids: Mapping[str, Sequence[str]],
    ) -> None:
        self._client = client
        self._scheme = scheme
        self._tokens = tokens
        self._ids = ids
        self.succeeded = 0

    async def search(self, marks: Marks) -> Found:
        found: Found = set()
        document = (await self._client.get("/openapi.json")).json()
        asked = [one for path in document["paths"].items() for one in self._addresses(*path)]
        for who, token in self._tokens.items():
            headers = {"Authorization": f"Bearer {token}"}
            for start in range(0, len(asked), AT_ONCE_MAX):
                some = asked[start : start + AT_ONCE_MAX]
                answers = await asyncio.gather(
                    *(self._client.get(path, params=query, headers=headers) for path, query in some)
                )
                for (path, _), answer in zip(some, answers, strict=True):
                    self.succeeded += answer.is_success
                    told = f"{answer.headers}".encode() + answer.content
                    found |= marks.at(f"{who} {path}", told)
        return found

    def _addresses(
        self, template: str, operations: Mapping[str, Any]
    ) -> Iterable[tuple[str, dict[str, str]]]:
        if "get" not in operations:
            return
        parameters = operations["get"].get("parameters", [])
        named = [
            (one["name"], one["in"])
            for one in parameters
            if one["in"] == "path" or (one["in"] == "query" and one.get("required"))
        ]
        values = [
            [self._scheme] if name == "scheme" else self._ids.get(name, ["1"]) for name, _ in named
        ]
        for chosen in itertools.islice(itertools.product(*values), COMBINED_MAX):
            path, query = template, {}
            for (name, place), value in zip(named, chosen, strict=True):
                if place == "path":
                    path = path.replace(f"{{{name}}}", value)
                else:
                    query[name] = value
            yield path, query
