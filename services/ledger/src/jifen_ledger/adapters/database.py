"""The database: engines with every default that could hurt written out."""

from __future__ import annotations

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

DRIVER = "postgresql+psycopg"
CONNECT_TIMEOUT_S = 5
POOL_TIMEOUT_S = 10
# psycopg's own choice: a statement is prepared when it comes this often.
PREPARE_AFTER = 5


def database_url(url: str) -> sa.URL:
    """Return the address with the driver that the ledger uses."""
    return sa.make_url(url).set(drivername=DRIVER)


def sync_engine(url: str) -> sa.Engine:
    """Return an engine for commands that run once and end."""
    return sa.create_engine(
        database_url(url),
        poolclass=sa.NullPool,
        json_deserializer=orjson.loads,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )


def async_engine(
    url: str,
    *,
    connections_max: int,
    prepare_after: int | None = PREPARE_AFTER,
    schema: str | None = None,
) -> AsyncEngine:
    """Return an engine with a bounded pool; a connection that died is replaced before use.

    Tables are looked for in `schema` first, where one is named.
    The projection prepares nothing: a plan kept from when a table was small scans it when it is
    large, and a statement that takes a whole batch does not feel its planning.
    """
    return create_async_engine(
        database_url(url),
        pool_size=connections_max,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        json_serializer=_json,
        json_deserializer=orjson.loads,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "prepare_threshold": prepare_after,
            **({} if schema is None else {"options": f"-csearch_path={schema},public"}),
        },
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
