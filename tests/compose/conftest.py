"""One deployment for the tests of this folder, with ports and a project name of its own."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.compose.engine import DOCKER, TAG, Engine, engine_answers
from tests.support.composed import SINGLE

# The images take this long where nothing of them is there yet.
BUILDS_S = 900


@pytest.fixture(scope="session")
def images() -> str:
    """The tag of the images, built from the tree as it is; skips where there is no engine."""
    if why := engine_answers():
        pytest.skip(why)
    build = (DOCKER, "compose", "--file", str(SINGLE), "build", "--quiet")
    environment = {**os.environ, "JIFEN_VERSION": TAG}
    done = subprocess.run(
        build, env=environment, capture_output=True, text=True, check=False, timeout=BUILDS_S
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return TAG


@pytest.fixture(scope="module")
def single(images: str) -> Iterator[Engine]:
    """Both services with their servers, from nothing."""
    with Engine.up([SINGLE], images) as running:
        yield running
