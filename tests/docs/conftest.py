"""One demo for all pages: its year takes most of the time."""

from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO

import pytest

from jifen_local.data_directory import DataDirectory
from jifen_local.demo.run import run_demo
from jifen_local.demo.tokens import SCHEMES, draw_tokens
from jifen_local.stack import LocalStack
from tests.docs.demo import Demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("demo")
    data, tokens, said = home / ".jifen-demo", draw_tokens(), StringIO()
    DataDirectory.claim(data).release()
    sources, readers = tokens.write(data)
    with LocalStack(
        data, schemes=SCHEMES, sources_file=sources, readers_file=readers, fast=True
    ) as stack:
        with redirect_stdout(said):
            status = run_demo(stack, tokens, data, once=False, seed=2025)
        yield Demo(home, said.getvalue(), status)
