"""A person of whom everything private was said, and everything that could still tell of it."""

import asyncio
import secrets
from collections.abc import Collection
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import orjson
import psycopg
from nats.aio.client import Client
from pydantic import SecretStr

from jifen_contracts.canonical import decode
from jifen_contracts.private_parts import person_of
from jifen_contracts.subjects import private_stream_of
from jifen_ingest.domain.scopes import SCOPES_OF_TYPE, Scope
from jifen_ledger.application.rebuild import RebuildSource
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.composition import rebuilding
from jifen_ledger.log.checkpoint import Checkpoint, open_checkpoint
from jifen_ledger.log.keys import parse_vkey
from jifen_ledger.settings import FoldSettings
from jifen_local.stack import LocalStack
from tests.end_to_end.plant import Plant
from tests.end_to_end.tokens import SENDERS
from tests.support import builders as build
from tests.support.people import ANNA, BRANCH_X
from tests.support.plots import TWIN
from tests.support.servers import libpq_url
from tests.support.stranger import verify
from tests.support.traces import Answers, Found, Marks, in_files, in_streams, in_tables
from tests.support.wait import LOOK_AGAIN_S

DONE_S = 60.0
PNG = b"\x89PNG\r\n\x1a\n"
# The order itself comes last, and a log is continued by an event that nobody folds yet. Of the
# others the subject is a unit and nobody is named who says it: what is private is the unit's.
LEFT_OUT = {
    *("person.erased", "log.continued"),
    *("scheme.published", "unit.registered", "panel.formed", "offer.listed"),
}
GOLDEN = {
    name: path.read_bytes()
    for path in sorted((Path(__file__).parents[2] / "contracts" / "golden").iterdir())
    if (name := path.name.removesuffix(".v1.json")) not in LEFT_OUT
}
IDS = {
    "holder": [ANNA],
    "member": [ANNA],
    "person": [ANNA, TWIN],
    "id": [ANNA, TWIN],
    "claim": ["c-own", "c-twin"],
    "unit": [BRANCH_X],
    "branch": [BRANCH_X],
    "scope": [BRANCH_X],
    "period": ["2023-Q3"],
    "quarter": ["2023-Q3"],
    "month": ["2023-07"],
    "year": ["2023"],
    "capacity": ["member"],
}


def word() -> bytes:
    return f"mark{secrets.token_hex(12)}".encode()


class Scene:
    """The services with one scheme, and what was planted there about Anna and her other record."""

    def __init__(self, stack: LocalStack, plant: Plant, operator: Client, place: Path) -> None:
        self._stack = stack
        self._plant = plant
        self._operator = operator
        self._place = place
        self._words: dict[str, bytes] = {}
        self.vkey = ""
        self.succeeded = 0
        self.seqs: dict[str, int] = {}
        self.people: dict[str, str] = {}
        self.files: dict[str, str] = {}

    @property
    def database_url(self) -> str:
        return self._stack.postgres_url

    @property
    def said(self) -> set[str]:
        """The names of the private texts that were sent before the order."""
        return set(self.seqs) - {"order", "late"}

    def mark(self, name: str) -> str:
        self._words[name] = word()
        return self._words[name].decode()

    async def plant(self) -> None:
        """Say something private by every door and in every place that takes it."""
        plant = self._plant
        await plant.accepted(
            [
                build.enrolled(TWIN),
                build.assigned(TWIN, "member", BRANCH_X),
                build.enrolled(ANNA, same_as=TWIN, recorded="2023-08-01"),
            ]
        )
        shown, hidden = [await self._keep_file(name) for name in ("file shown", "file hidden")]
        photo = [{"kind": "photo", "sha256": shown}]
        more = {"evidence": [{"kind": "photo", "sha256": hidden}]}
        await self.say("own", plant.sent(build.earned("c-own", evidence=photo)), "past", **more)
        await self.say("twin", plant.sent(build.earned("c-twin", holder=TWIN, by=TWIN)), "past")
        for name, golden in GOLDEN.items():
            await self._say_golden(name, golden)
        self._words["phone"] = str(secrets.randbelow(10**18) + 10**18).encode()
        await plant.name(
            TWIN, self.mark("name"), self.mark("english name"), self._words["phone"].decode()
        )
        await self._import_roster()
        await self._until(
            "SELECT count(*) >= %s FROM private_part WHERE scheme = %s", len(self.seqs)
        )
        await self._plant.caught_up()
        self._remember_salts()

    async def say(self, name: str, event: dict[str, Any], sender: str, **more: Any) -> None:
        """Send an event with a private part of its own."""
        private = {"text": self.mark(name), **more}
        told = event | {"data": event["data"] | {"private": private}}
        answer = await self._plant.send(orjson.dumps(told), token=self._plant.tokens.send[sender])
        assert answer.status in (200, 201, 202), (name, answer)
        self.seqs[name] = answer.body["seq"]
        self.people[name] = person_of(event["type"], event["subject"], event["data"])

    async def _say_golden(self, name: str, golden: bytes) -> None:
        """A golden event as said by or about Anna; that the rules refuse most hides nothing."""
        kind, ours = str(decode(golden)["type"]), str(decode(golden)["schemeid"])
        sender = "shop" if Scope.SHOP in SCOPES_OF_TYPE[kind] else "past"
        event = self._plant.sent(golden, sender)
        for stamp in ("schemeid", "privatehash", "authid", "nonce", "importedtime", "traceparent"):
            event.pop(stamp, None)
        if event["subject"].startswith("m"):
            event["subject"] = ANNA
        if event["subject"] == ours:
            event["subject"] = self._plant.scheme
        if "by" in event["data"] or event["subject"] != ANNA:
            event["data"]["by"] = ANNA
        event |= {"id": f"marked-{name}", "source": SENDERS[sender][0]}
        await self.say(name, event, sender)

    async def _keep_file(self, name: str) -> str:
        content = PNG + self.mark(name).encode()
        self.files[name] = sha256(content).hexdigest()
        path = f"/v1/schemes/{self._plant.scheme}/evidence/{self.files[name]}"
        headers = {"Authorization": f"Bearer {self._plant.tokens.send['desk']}"}
        async with httpx.AsyncClient(base_url=self._stack.ingest_url, timeout=30) as ingest:
            kept = await ingest.put(path, content=content, headers=headers)
        assert kept.status_code == 201, kept.text
        return self.files[name]

    async def _import_roster(self) -> None:
        """Names come in by a file, too."""
        tokens = self._plant.tokens
        names = f"{self.mark('imported name')},{self.mark('imported english name')}"
        lines = ["member,standing,from,name_zh,name_en", f"{ANNA},full,2023-01-01,{names}"]
        for name, text in (
            ("roster.csv", "\n".join(lines)),
            ("send", tokens.send["past"]),
            ("read", tokens.read["upper"]),
        ):
            (self._place / name).write_text(text)
        await self._run(
            "jifen_ingest", "import", str(self._place / "roster.csv"), "--kind", "roster",
            "--source", SENDERS["past"][0], "--history", "--scheme", self._plant.scheme,
            "--url", self._stack.ingest_url, "--token-file", str(self._place / "send"),
            "--ledger-url", self._stack.ledger_url,
            "--reader-token-file", str(self._place / "read"),
            user="ingest",
        )  # fmt: skip

    async def erase(self, event: dict[str, Any]) -> int:
        """Order it, with the reason in private; return the record once it is carried out."""
        await self.say("order", event, "past")
        seq = self.seqs["order"]
        await self._until("SELECT erased_seq >= %s FROM private_head WHERE scheme = %s", seq)
        await self.copied()
        return seq

    async def copied(self) -> None:
        """Wait until the copy of private parts has seen all there is."""
        stream = private_stream_of(self._plant.scheme)
        last = (await self._operator.jetstream().stream_info(stream)).state.last_seq
        await self._until("SELECT seq >= %s FROM private_head WHERE scheme = %s", last)

    def _remember_salts(self) -> None:
        """What opens a hash must go as well."""
        with closing(psycopg.connect(libpq_url(self.database_url))) as connection:
            rows = connection.execute(
                "SELECT privatehash, salt FROM private_part WHERE scheme = %s AND person = ANY(%s)",
                [self._plant.scheme, [ANNA, TWIN]],
            ).fetchall()
        for privatehash, salt in rows:
            self._words[f"salt {privatehash[:8]}"] = salt.hex().encode()

    async def search(self, readers: Collection[str] = ()) -> Found:
        """Look into tables, streams, the broker's disk, logs, and answers to the readers."""
        scheme, tokens, marks = self._plant.scheme, self._plant.tokens.read, Marks(self._words)
        async with httpx.AsyncClient(base_url=self._stack.ledger_url, timeout=60) as client:
            ids = IDS | {"seq": [str(self.seqs[one]) for one in ("own", "twin")]}
            ids |= {"sha256": list(self.files.values())}
            answers = Answers(client, scheme, {who: tokens[who] for who in readers}, ids)
            found = await answers.search(marks)
        self.succeeded = answers.succeeded
        found |= in_tables(self.database_url, marks)
        found |= await in_streams(self._operator, scheme, marks)
        data = self._stack.tokens_file.parent
        return found | in_files(marks, data / "log", data / "nats")

    async def search_exports(self, old: bytes) -> tuple[Found, str]:
        """Look into an export and an audit bundle that are made now, and replay the bundle."""
        scheme, place = self._plant.scheme, self._place / "exports"
        place.mkdir()
        bundle = str(place / "bundle")
        await asyncio.gather(
            self._ledger("export", "--scheme", scheme, "--output", str(place / "export")),
            self._ledger("audit", "bundle", "--scheme", scheme, "--out", bundle),
        )
        (self._place / "old").write_bytes(old)
        trust = ("--vkey", self.vkey, "--old", str(self._place / "old"))
        said = await self._ledger("audit", "replay", "--dir", bundle, *trust)
        return in_files(Marks(self._words), place), said

    async def switch_generation(self) -> None:
        """Put a new generation in the place of the live one, which is kept beside it."""
        await rebuilding.build(self._settings, self._status, RebuildSource.JOURNAL)
        await rebuilding.switch(self._settings, self._status, RebuildSource.JOURNAL)

    async def switch_back_and_rebuild(self) -> None:
        """Take the kept generation back, and compute all tables again from the stream."""
        await rebuilding.switch_back(self._settings, self._status, RebuildSource.JOURNAL)
        await rebuilding.drop(self._settings, self._status, RebuildSource.JOURNAL)
        await rebuilding.rebuild(self._settings, self._status, RebuildSource.STREAM)

    @property
    def _settings(self) -> FoldSettings:
        given = self._stack.environment("ledger")
        return FoldSettings(
            nats_url=given["JIFEN_NATS_URL"],
            nats_user=given["JIFEN_NATS_USER"],
            nats_password=SecretStr(given["JIFEN_NATS_PASSWORD"]),
            database_url=SecretStr(self.database_url),
        )

    @property
    def _status(self) -> SchemeStatus:
        return SchemeStatus(self._plant.scheme)

    async def _ledger(self, *arguments: str) -> str:
        return await self._run("jifen_ledger", *arguments, user="ledger")

    async def _run(self, *arguments: str, user: str) -> str:
        return await asyncio.to_thread(self._stack.run, *arguments, user=user)

    async def checkpoint(self) -> tuple[Checkpoint, bytes]:
        """The newest checkpoint, once it covers everything that was sent."""
        head = await self._plant.head()
        if not self.vkey:
            self.vkey = (await self._ledger("log", "key", "show", self._plant.scheme)).strip()
        async with asyncio.timeout(DONE_S):
            while True:
                answer = await self._plant.ask("/log/checkpoint")
                if answer.is_success:
                    found = open_checkpoint(answer.content, [parse_vkey(self.vkey)]).checkpoint
                    if found.size >= head:
                        return found, answer.content
                await asyncio.sleep(LOOK_AGAIN_S)

    async def entries(self) -> list[bytes]:
        """Every entry of the log, as strangers verify it."""
        token = self._plant.tokens.read["auditor"]

        def fetch(path: str) -> bytes | None:
            url = f"{self._stack.ledger_url}/v1/schemes/{self._plant.scheme}/log/{path}"
            headers = {"Authorization": f"Bearer {token}"}
            answer = httpx.get(url, headers=headers, trust_env=False)
            return answer.content if answer.is_success else None

        _, entries = await asyncio.to_thread(verify, fetch, self.vkey)
        return list(entries)

    async def _until(self, condition: str, number: int) -> None:
        """Wait until the database says so of the scheme."""
        async with asyncio.timeout(DONE_S):
            while True:
                with closing(psycopg.connect(libpq_url(self.database_url))) as connection:
                    found = connection.execute(
                        condition.encode(), [number, self._plant.scheme]
                    ).fetchone()
                if found and found[0]:
                    return
                await asyncio.sleep(10 * LOOK_AGAIN_S)
