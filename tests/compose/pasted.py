"""Pastes the commands of docs/operations.md against a deployment, with a loss where one is due."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.compose.engine import DOCKER, Engine
from tests.docs.pasting import Shell, shell_in
from tests.docs.readme import DOCS, ROOT, session, shows

PAGE = DOCS / "operations.md"
# All that the images and the compose files are made of.
CHECKOUT = (".dockerignore", "requirements.lock", "contracts", "services", "deploy")
NOT_OURS = shutil.ignore_patterns("__pycache__", "*.egg-info", ".env")


class Pasting:
    """A clean checkout with a shell in it; each output that is not the one shown is kept."""

    def __init__(self, engine: Engine, shell: Shell) -> None:
        """Take the deployment that the commands are about, and where they are typed."""
        self.engine = engine
        self.differences: list[str] = []
        self._shell = shell

    def paste(self, mark: str, before: Mapping[str, Callable[[], None]] | None = None) -> None:
        """Paste the blocks with the mark; what has a word of `before` in it, after that."""
        due = dict(before or {})
        for step in session(mark, PAGE):
            for word in [word for word in due if word in step.commands]:
                due.pop(word)()
            printed = self._shell.paste(step.commands)
            if step.prints is not None and not shows(step.prints, printed):
                self.differences.append(f"operations.md:{step.line} prints\n{printed}")
        assert not due, f"no command has {', '.join(due)}"

    def lose(self, service: str, volume: str) -> None:
        """Take the service's container away and its volume, which `setup` holds as well."""
        self.engine.compose("rm", "--stop", "--force", service, "setup")
        name = f"{self.engine.environment['COMPOSE_PROJECT_NAME']}_{volume}"
        subprocess.run([DOCKER, "volume", "rm", name], check=True, capture_output=True)


@contextmanager
def clean_checkout(files: Sequence[Path], tag: str, home: Path) -> Iterator[Pasting]:
    """Nothing runs yet inside the block, and nothing any more after it."""
    for name in CHECKOUT:
        if (source := ROOT / name).is_dir():
            shutil.copytree(source, home / name, ignore=NOT_OURS)
        else:
            shutil.copy(source, home / name)
    engine = Engine.named([home / file.relative_to(ROOT) for file in files], tag)
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("JIFEN_") and not name.startswith("JIFEN_TEST_"):
                patch.delenv(name)
        for name, value in engine.environment.items():
            patch.setenv(name, value)
        try:
            with shell_in(home) as shell:
                yield Pasting(engine, shell)
        finally:
            engine.compose("down", "--volumes", "--remove-orphans", "--timeout", "5")
