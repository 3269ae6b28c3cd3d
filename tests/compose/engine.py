"""Docker for the tests: whether it answers, and deployments that leave nothing behind."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from jifen_local.demo.tokens import SCHEMES
from jifen_local.load.deployment import Deployment
from jifen_local.ports import free_port

DOCKER = shutil.which("docker") or "docker"
ANSWERS_S = 30
# Of images of the tests, so that those of an operator on this machine stay as they are.
TAG = "test"
COMMAND_S = 300
DOORS = ("NATS", "INGEST", "LEDGER", "PROMETHEUS", "GRAFANA")


def engine_answers() -> str | None:
    """Return why compose cannot be used here, None where it can."""
    for command in ((DOCKER, "info"), (DOCKER, "compose", "version")):
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=ANSWERS_S
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"no Docker engine answers: {error}"
        if done.returncode != 0:
            said = (done.stderr.strip() or "nothing was said").splitlines()[-1]
            return f"no Docker engine answers: {said}"
    return None


@dataclass(frozen=True, slots=True)
class Engine:
    """A deployment under a project name of its own."""

    files: tuple[Path, ...]
    environment: dict[str, str]

    @classmethod
    def named(cls, files: Sequence[Path], tag: str, **settings: str) -> "Engine":
        """Return one that is not started yet, with a name and ports of its own."""
        environment = {
            "COMPOSE_PROJECT_NAME": f"jifen-test-{uuid4().hex[:8]}",
            "JIFEN_VERSION": tag,
            **settings,
            **{f"JIFEN_{door}_PORT": str(free_port()) for door in DOORS},
        }
        return cls(tuple(files), environment)

    @classmethod
    @contextmanager
    def up(cls, files: Sequence[Path], tag: str) -> Iterator["Engine"]:
        """Everything is healthy inside the block, and gone after it."""
        running = cls.named(files, tag, JIFEN_SCHEMES=",".join(SCHEMES))
        environment = running.environment
        with pytest.MonkeyPatch.context() as patch:
            # What is tried here asks docker itself, in the words of an operator.
            for name, value in environment.items():
                patch.setenv(name, value)
            try:
                running.compose("up", "--detach", "--wait")
                yield running
            finally:
                running.compose("down", "--volumes", "--timeout", "5")

    def compose(self, *arguments: str) -> str:
        named = [part for file in self.files for part in ("--file", str(file))]
        done = subprocess.run(
            [DOCKER, "compose", *named, *arguments],
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_S,
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr[-2000:]}"
        return done.stdout

    def secret(self, path: str) -> str:
        """Return a file of the volume of secrets."""
        return self.compose("run", "--rm", "-T", "--entrypoint", "cat", "setup", f"/secrets/{path}")

    def container(self, service: str) -> dict[str, Any]:
        """Return all that the engine knows of a service's container."""
        name = self.compose("ps", "--all", "--quiet", service).strip()
        found = subprocess.run(
            [DOCKER, "inspect", name], capture_output=True, check=True, timeout=COMMAND_S
        )
        only: dict[str, Any] = json.loads(found.stdout)[0]
        return only

    def deployment(self) -> Deployment:
        return Deployment.of(self.files)

    def port(self, door: str) -> int:
        return int(self.environment[f"JIFEN_{door}_PORT"])
