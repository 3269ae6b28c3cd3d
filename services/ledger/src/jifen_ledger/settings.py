"""The ledger's settings, read once from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from jifen_contracts.ids import Id


class DatabaseSettings(BaseSettings):
    """What a command needs that only works on the database."""

    model_config = SettingsConfigDict(env_prefix="JIFEN_", frozen=True, extra="ignore")

    database_url: SecretStr


class MaybeDatabaseSettings(BaseSettings):
    """What a command needs that also works on files alone."""

    model_config = SettingsConfigDict(env_prefix="JIFEN_", frozen=True, extra="ignore")

    database_url: SecretStr | None = None


class ServersSettings(DatabaseSettings):
    """What needs both servers."""

    nats_url: str
    nats_user: str | None = None
    nats_password: SecretStr | None = None


class EvidenceSettings(ServersSettings):
    """How long files of evidence are kept."""

    # After the last event that names the file.
    evidence_years: Annotated[int, Field(ge=1, le=100)] = 5
    # After the upload of a file that no event names.
    evidence_unused_days: Annotated[int, Field(ge=1, le=3_650)] = 30


class FoldSettings(ServersSettings):
    """What a command needs that folds a stream."""

    batch_max: Annotated[int, Field(ge=1, le=20_000)] = 5_000
    # Of the process; its schemes share them.
    state_rows_max: Annotated[int, Field(ge=0, le=10_000_000)] = 300_000


class ProjectionSettings(FoldSettings):
    """What the projection needs."""

    schemes: Annotated[tuple[Id, ...], NoDecode, Field(min_length=1, max_length=100)]
    write_connections_max: Annotated[int, Field(ge=2, le=100)] = 8
    # A worker that starts again under its name takes up at once what it held.
    worker: Id | None = None

    @field_validator("schemes", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """Take the schemes as the environment has them: separated by commas."""
        if not isinstance(value, str):
            return value
        return tuple(one.strip() for one in value.split(",") if one.strip())


class LedgerSettings(ProjectionSettings):
    """What the whole service needs."""

    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8081
    readers_file: Path
    # Readiness: at most this far behind the stream.
    lag_max: Annotated[int, Field(ge=0)] = 10_000
    # Connections for reads, beside those of the projections.
    read_connections_max: Annotated[int, Field(ge=1, le=100)] = 8
