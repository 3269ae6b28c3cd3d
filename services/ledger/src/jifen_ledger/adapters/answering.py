"""What is done with PostgreSQL where it may be away: the caller learns so, and tries again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import psycopg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from jifen_ledger.application.stopped import Unavailable


@contextmanager
def answering() -> Iterator[None]:
    """Raise Unavailable for what the server or the way to it could not do just now."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        # Among them the failures to serialise, after which one begins anew.
        raise Unavailable(f"PostgreSQL: {error!r}") from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        # COPY and binary cursors run on the driver below SQLAlchemy.
        raise Unavailable(f"PostgreSQL: {error!r}") from error


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a connection with a transaction, committed at the end. Raises Unavailable."""
    with answering():
        async with engine.begin() as connection:
            yield connection
