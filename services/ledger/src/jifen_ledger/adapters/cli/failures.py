"""What went wrong with a command, in one line; imported only when something did."""

from __future__ import annotations

import psycopg
import sqlalchemy as sa
from pydantic import ValidationError

from jifen_contracts.environment import first_setting
from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.key_files import KeyUnfit
from jifen_ledger.adapters.readers import ReadersUnfit


def in_one_line(error: Exception) -> str | None:
    """Return what to tell whoever typed the command; None of a defect, which has a trace."""
    match error:
        case ValidationError():
            return first_setting(error)
        case sa.exc.OperationalError() | sa.exc.ProgrammingError():
            return f"the database: {error.orig}"
        case psycopg.Error():
            # COPY runs on the driver below SQLAlchemy.
            return f"the database: {error}"
        case ReadersUnfit():
            return f"JIFEN_READERS_FILE: {error}"
        case KeyUnfit():
            return f"JIFEN_LOG_KEY_DIR: {error}"
        case CommandFailed() | OSError():
            return str(error)
        case _:
            return None
