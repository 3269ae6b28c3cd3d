"""A log that grows past every boundary of its tiles: what is served, and what Go's packages say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from jifen_ledger.adapters.log_export import export_log
from tests.support.go_verifier import WHY_NOT, build_go_verifier, verified_by_go
from tests.support.log_serving import served_log
from tests.support.many_records import write_records
from tests.support.people import SCHEME
from tests.support.serving import served
from tests.support.signing import signing_log, tamper

# By size: what is there, each with its width, and what is not.
COVERED: dict[int, tuple[dict[str, int], list[str]]] = {
    65_535: (
        {"tile/0/255.p/255": 255, "tile/1/000.p/255": 255},
        ["tile/0/255", "tile/entries/255", "tile/1/000", "tile/2/000.p/1", "tile/0/256.p/1"],
    ),
    65_536: (
        {"tile/0/255": 256, "tile/1/000": 256, "tile/1/000.p/255": 255, "tile/2/000.p/1": 1},
        ["tile/0/256.p/1", "tile/1/001.p/1", "tile/2/000.p/2", "tile/3/000.p/1"],
    ),
    65_537: (
        {"tile/0/256.p/1": 1, "tile/1/000": 256, "tile/2/000.p/1": 1},
        ["tile/0/256", "tile/0/256.p/2", "tile/entries/256.p/2", "tile/1/001.p/1"],
    ),
    65_792: (
        {"tile/0/256": 256, "tile/1/001.p/1": 1},
        ["tile/0/257.p/1", "tile/1/001.p/2", "tile/2/000.p/2"],
    ),
    70_000: (
        {"tile/0/273.p/112": 112, "tile/1/001.p/17": 17, "tile/2/000.p/1": 1},
        ["tile/0/273", "tile/0/273.p/113", "tile/1/001.p/18", "tile/2/000", "tile/2/001.p/1"],
    ),
}
VERIFIED = (0, 1, 257, 65_537)
ALTERED_AT = 257
FLIP = "UPDATE record SET bytes = set_byte(bytes, 30, get_byte(bytes, 30) # 1) WHERE seq = 100"


class Growing:
    """A ledger's log, served on a port while another process makes it grow."""

    def __init__(self, url: str, directory: Path) -> None:
        self.url = url
        self.directory = directory
        self.address = ""
        self.token = ""
        self.vkey = ""

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[ASGIApp]:
        async with served_log(self.url, self.directory) as one:
            self.token, self.vkey = one.tokens["auditor"], one.log.status.keys[0].text
            yield one.application

    async def grow(self, size: int) -> None:
        await write_records(self.url, size)
        async with signing_log(self.url, self.directory) as log:
            await log.sign()

    def widths(self, paths: list[str]) -> dict[str, int]:
        """How many hashes each tile has; those that are not there are left out."""
        base = f"{self.address}/v1/schemes/{SCHEME}/log"
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(headers=headers, trust_env=False) as client:
            answers = {path: client.get(f"{base}/{path}") for path in paths}
        assert {one.status_code for one in answers.values()} <= {200, 404}
        return {path: len(one.content) // 32 for path, one in answers.items() if one.is_success}

    def verified(self, program: Path, export: str) -> tuple[str, str]:
        """What the program says of the live log, and of an export made now."""
        place = f"{self.address}/v1/schemes/{SCHEME}/log"
        out = self.directory / export
        export_log(self.url, SCHEME, out, None)
        return (
            verified_by_go(program, self.vkey, place, self.token),
            verified_by_go(program, self.vkey, str(out)),
        )


@pytest.mark.timeout(240)
def test_at_every_boundary_tiles_are_there_and_gos_packages_verify_log_and_export(
    database_url: str, tmp_path: Path
) -> None:
    program = build_go_verifier(tmp_path)
    growing = Growing(database_url, tmp_path)
    with served(growing.ledger) as growing.address:
        said, found, altered = {}, {}, ("", "")
        for size in sorted({*VERIFIED, *COVERED}):
            asyncio.run(growing.grow(size))
            if size in COVERED:
                present, absent = COVERED[size]
                found[size] = growing.widths([*present, *absent])
            if size in VERIFIED and program is not None:
                said[size] = growing.verified(program, f"export-{size}")
            if size == ALTERED_AT and program is not None:
                tamper(database_url, FLIP)
                altered = growing.verified(program, "altered")
                # As it was.
                tamper(database_url, FLIP)

    assert found == {size: present for size, (present, _) in COVERED.items()}
    if program is None:
        pytest.skip(WHY_NOT)
    assert said == {size: (f"all good: {size} entries",) * 2 for size in VERIFIED}
    assert altered == ("entry 99 does not have its leaf hash",) * 2
