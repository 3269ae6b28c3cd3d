"""The two images: small, labelled, without what builds programs, and for users of their own."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.compose.engine import DOCKER
from tests.docs.readme import ROOT

pytestmark = pytest.mark.timeout(900)

BUILDS_S = 1_800

SIZE_BYTES_MAX = 200_000_000
USERS = {"ingest": "10001:10001", "ledger": "10002:10002"}
BUILDERS = "for one in pip pip3 gcc cc make apt-get; do command -v $one; done; true"


def told(*arguments: str) -> str:
    done = subprocess.run(
        [DOCKER, *arguments], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


@pytest.mark.parametrize("service", USERS)
def test_an_image_is_small_labelled_and_for_a_user_of_its_own(images: str, service: str) -> None:
    image: dict[str, Any] = json.loads(told("image", "inspect", f"jifen-{service}:{images}"))[0]
    config = image["Config"]
    labels = {name.rsplit(".", 1)[-1] for name in config["Labels"]}

    assert image["Size"] < SIZE_BYTES_MAX
    assert config["User"] == USERS[service]
    assert config["Healthcheck"]["Test"][0] == "CMD"
    assert {"title", "description", "licenses", "version", "revision"} <= labels


@pytest.mark.parametrize("service", USERS)
def test_an_image_holds_nothing_that_builds_or_installs(images: str, service: str) -> None:
    run = ("run", "--rm", "--network", "none", "--entrypoint", "sh", f"jifen-{service}:{images}")
    importable = "python -c 'import pip' 2>/dev/null && echo the package pip; true"

    assert told(*run, "-c", f"{BUILDERS}; {importable}") == ""


@pytest.mark.timeout(BUILDS_S)
@pytest.mark.skipif(
    not os.environ.get("JIFEN_TEST_CLUSTER"), reason="heavy: make test-cluster runs it"
)
@pytest.mark.usefixtures("images")
def test_two_builds_from_two_checkouts_hold_the_same_bytes() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "deploy" / "image" / "compare.py"],
        capture_output=True,
        text=True,
        check=False,
        timeout=BUILDS_S,
    )

    assert (done.returncode, done.stdout.count(": the same, ")) == (0, 3), done.stdout
