"""NATS and PostgreSQL for tests: by environment, else from containers, else embedded.

JIFEN_TEST_SERVERS=embedded leaves the containers out where an engine answers.
"""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import docker
import psycopg
import requests
from docker.errors import DockerException, ImageNotFound
from psycopg import sql
from sqlalchemy import make_url

from jifen_local.servers import start_nats, start_postgres
from jifen_local.servers.postgres import FAST

NATS_IMAGE = "nats:2.15-alpine"
POSTGRES_IMAGE = "postgres:18"
NATS_CONFIGURATION = b"""
listen: "0.0.0.0:4222"
http: "0.0.0.0:8222"
jetstream { store_dir: "/tmp/jetstream" }
"""
ENGINE_ANSWERS_S = 3
ENGINE_PULLS_S = 120


@contextmanager
def running_nats() -> Iterator[str]:
    """The URL of a server where everyone may do everything."""
    if url := os.environ.get("JIFEN_TEST_NATS_URL"):
        yield url
    elif _containers():
        with _nats_container() as url:
            yield url
    else:
        with _directory() as directory:
            server = start_nats(directory / "nats", fast=True)
            try:
                yield server.url
            finally:
                server.stop()


@contextmanager
def running_postgres() -> Iterator[str]:
    """The SQLAlchemy URL of a server where we may create databases."""
    if url := os.environ.get("JIFEN_TEST_POSTGRES_URL"):
        yield url
    elif _containers():
        with _postgres_container() as url:
            yield url
    else:
        with _directory() as directory:
            server = start_postgres(directory / "postgres", fast=True)
            try:
                yield server.url
            finally:
                server.stop()


@contextmanager
def new_database(server_url: str, template: str | None = None) -> Iterator[str]:
    """The URL of a database that exists for the length of the block."""
    name = f"jifen_{uuid4().hex}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(libpq_url(server_url), autocommit=True) as connection:
        connection.execute(
            create.format(sql.Identifier(name), sql.Identifier(template or "template0"))
        )
        try:
            yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(drop)


def libpq_url(url: str) -> str:
    """The same database, in the words of psycopg instead of SQLAlchemy."""
    plain = make_url(url).set(drivername="postgresql")
    return plain.render_as_string(hide_password=False)


@contextmanager
def _directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="jifen-test-") as name:
        # PostgreSQL, started by root, runs as another user and has to pass.
        Path(name).chmod(0o711)
        yield Path(name)


@cache
def _containers() -> bool:
    """Whether an engine answers and has, or gets, every image."""
    if os.environ.get("JIFEN_TEST_SERVERS") == "embedded" or not _engine_listens():
        return False
    # Imported here: it asks for an engine while it is imported.
    from testcontainers.core.config import testcontainers_config  # noqa: PLC0415

    try:
        with closing(docker.from_env(timeout=ENGINE_PULLS_S)) as engine:
            for image in (NATS_IMAGE, POSTGRES_IMAGE, testcontainers_config.ryuk_image):
                try:
                    engine.images.get(image)
                except ImageNotFound:
                    engine.images.pull(image)
    except (DockerException, requests.RequestException):
        return False
    return True


def _engine_listens() -> bool:
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not host.startswith("unix://"):
        return True
    # The client leaks its socket when nobody answers, and a leak is an error here.
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(ENGINE_ANSWERS_S)
        return probe.connect_ex(host.removeprefix("unix://")) == 0


@contextmanager
def _nats_container() -> Iterator[str]:
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415
    from testcontainers.core.wait_strategies import HttpWaitStrategy  # noqa: PLC0415

    container = (
        DockerContainer(NATS_IMAGE)
        .with_copy_into_container(NATS_CONFIGURATION, "/etc/nats/jifen.conf")
        .with_command(["-c", "/etc/nats/jifen.conf"])
        .with_exposed_ports(4222, 8222)
        .waiting_for(HttpWaitStrategy(8222, "/healthz"))
    )
    with container:
        host, port = container.get_container_host_ip(), container.get_exposed_port(4222)
        yield f"nats://{host}:{port}"


@contextmanager
def _postgres_container() -> Iterator[str]:
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415

    container = PostgresContainer(POSTGRES_IMAGE, driver="psycopg")
    # As the embedded one in tests: nothing of it outlives them.
    with container.with_command(["postgres", *(f"-c{setting}" for setting in FAST)]):
        yield container.get_connection_url()
