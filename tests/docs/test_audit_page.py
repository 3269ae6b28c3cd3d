"""The commands of docs/audit.md, pasted one after another, print what it shows."""

import shutil
from pathlib import Path

import pytest

from jifen_ledger.adapters.cli.audit_parser import ABOUT
from jifen_ledger.log.keys import Algorithm, SigningKey
from tests.docs.demo import Demo
from tests.docs.pasting import paste_page, shell_in
from tests.docs.readme import README, ROOT, blocks
from tests.support import builders as build
from tests.support.audited import cosign, make_bundle, signed_world, world_with_boards

PAGE = ROOT / "docs" / "audit.md"
RECEIVED = "run: with a bundle"
FIRST = world_with_boards()
THEN = [
    *build.decided(build.earned("c-small", "C09", member=build.tier("general"), deed="small")),
    *build.decided(build.earned("c-large", "C09", member=build.tier("larger"), deed="large")),
]

COSIGNED_S = 1_800_000_000
POLICY = """\
# Good is what the plant's log has signed and the union or the town has cosigned.
log {log}
witness union {union}
witness town {town}
group either any union town
quorum either
"""

with_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="the commands use curl")
pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]


@pytest.fixture
def received(postgres_url: str, migrated_template: str, tmp_path: Path) -> Path:
    """A folder with what an auditor has: two bundles, and the key from elsewhere."""
    keys = tmp_path / "ledger"
    keys.mkdir()
    union, town = (
        SigningKey.generate(f"witness.example/{name}", Algorithm.COSIGNATURE)[0]
        for name in ("union", "town")
    )
    with signed_world(postgres_url, migrated_template, keys, FIRST, THEN) as signed:
        cosign(signed, len(FIRST) + len(THEN), union, COSIGNED_S)
        make_bundle(signed, tmp_path / "plant.tar.gz")
        make_bundle(signed, tmp_path / "last-time.tar.gz", "--size", str(len(FIRST)))
    (tmp_path / "vkey.txt").write_text(f"{signed.vkey}\n")
    policy = POLICY.format(log=signed.vkey, union=union.verifier.text, town=town.verifier.text)
    (tmp_path / "policy.txt").write_text(policy)
    return tmp_path


# Each command starts a program of its own, on a machine that may have much to do.
@pytest.mark.timeout(400)
async def test_the_commands_of_the_page_print_what_is_shown(received: Path) -> None:
    with shell_in(received) as shell:
        differences = await paste_page(shell, RECEIVED, PAGE)

    assert differences == [], "\n".join(differences)


async def test_the_bundle_that_the_readme_makes_is_verified_as_it_says(received: Path) -> None:
    (received / "plant.tar.gz").rename(received / "year.tar.gz")
    (received / "vkey.txt").rename(received / "year.tar.gz.vkey")
    with shell_in(received) as shell:
        differences = await paste_page(shell, RECEIVED, README)

    assert differences == [], "\n".join(differences)


@with_curl
@pytest.mark.system
@pytest.mark.timeout(400)
async def test_the_commands_beside_the_running_demo_print_what_is_shown(demo: Demo) -> None:
    with shell_in(demo.home) as shell:
        differences = await paste_page(shell, "run: make demo", PAGE)

    assert differences == [], "\n".join(differences)


def test_every_block_of_the_page_is_pasted_or_printed() -> None:
    assert {block.mark for block in blocks(PAGE)} == {RECEIVED, "run: make demo", "prints"}


def test_the_page_is_where_the_command_says() -> None:
    assert str(PAGE.relative_to(ROOT)) in ABOUT
