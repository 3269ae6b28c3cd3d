"""The compose files as they are read: each service with what it extends."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
SINGLE, TLS, CLUSTER, CLUSTER_TLS = (
    DEPLOY / f"compose{name}.yaml" for name in ("", ".tls", ".cluster", ".cluster.tls")
)
# What is written above the commands of docs/operations.md that need an engine.
COMPOSED, COMPOSED_TLS = "run: docker compose", "run: docker compose with TLS"
CLUSTERED, CLUSTERED_TLS = (
    "run: docker compose, a cluster",
    "run: docker compose, a cluster with TLS",
)


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def services_of(path: Path) -> dict[str, dict[str, Any]]:
    """Return every service of the file, with what it takes from another file."""
    return {name: _extended(path, service) for name, service in read(path)["services"].items()}


def _extended(path: Path, service: Mapping[str, Any]) -> dict[str, Any]:
    if "extends" not in service:
        return dict(service)
    whence = service["extends"]
    parent = read(path.parent / whence["file"])["services"][whence["service"]]
    own = {key: value for key, value in service.items() if key != "extends"}
    return _merged(_extended(path.parent / whence["file"], parent), own)


def _merged(parent: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Join as compose does: mappings by key, lists one after another, commands replaced."""
    joined = {**parent, **own}
    for key in parent.keys() & own.keys():
        if isinstance(parent[key], Mapping):
            joined[key] = {**parent[key], **own[key]}
        elif key in {"volumes", "ports", "tmpfs"}:
            joined[key] = [*parent[key], *own[key]]
    return joined
