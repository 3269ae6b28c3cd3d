"""The ledger's settings, read once from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from jifen_contracts.ids import Id
from jifen_ledger.application.queries.rights_of_log import EntriesAccess

_ONE = f"(?:{'|'.join(EntriesAccess)})"
ACCESS = f"^{_ONE}(?:,[a-z0-9][a-z0-9-]*={_ONE})*$"


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


class AnchorSettings(BaseSettings):
    """Where it says what was signed last."""

    model_config = SettingsConfigDict(env_prefix="JIFEN_", frozen=True, extra="ignore")

    # On another volume than the database.
    log_anchor_dir: Path


class ReconcileSettings(ServersSettings, AnchorSettings):
    """What compares stream, journal and log, or refills a stream."""


class LogFilesSettings(AnchorSettings):
    """Where the keys of the logs are, and what was signed last."""

    # Each log's origin and key name is this, a slash and its scheme; it never changes.
    log_origin: Annotated[str, Field(pattern=r"^[a-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._-]+)*$")]
    log_key_dir: Path


class RefillLedgerSettings(FoldSettings, LogFilesSettings):
    """What fills an empty database from the stream, and signs as before."""


class LedgerSettings(ProjectionSettings, LogFilesSettings):
    """What the whole service needs."""

    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8081
    readers_file: Path
    # Readiness: at most this far behind the stream.
    lag_max: Annotated[int, Field(ge=0)] = 10_000
    # Connections for reads, beside those of the projections.
    read_connections_max: Annotated[int, Field(ge=1, le=100)] = 8
    # How often heads and newest messages are compared, and how often the whole past.
    reconcile_look_s: Annotated[float, Field(gt=0, le=3_600)] = 10.0
    reconcile_pass_s: Annotated[float, Field(gt=0, le=30 * 86_400)] = 21_600.0
    log_publish_interval: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}(?:ms|s|m)$")] = "1s"
    # One for all schemes, or that and `scheme=access` of some, separated by commas.
    log_entries_access: Annotated[str, Field(pattern=ACCESS)] = "auditors"

    @property
    def log_publish_interval_s(self) -> float:
        """How often a log is signed."""
        number = self.log_publish_interval.rstrip("ms")
        unit = self.log_publish_interval.removeprefix(number)
        return int(number) * {"ms": 0.001, "s": 1, "m": 60}[unit]

    def log_entries_access_of(self, scheme: str) -> EntriesAccess:
        """Return who reads a scheme's entries, as far as its policies let them."""
        default, *own = self.log_entries_access.split(",")
        return EntriesAccess(dict(one.split("=") for one in own).get(scheme, default))
