"""A file that a shell reads before it runs the operator's commands of both services."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from jifen_local.private_files import write_private

OPERATOR = "operator.env"


def write_operator(directory: Path, variables: Mapping[str, str]) -> None:
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in variables.items()]
    write_private(directory / OPERATOR, "".join(lines))
