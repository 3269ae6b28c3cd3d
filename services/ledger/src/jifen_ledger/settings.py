"""The ledger's settings, read once from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from jifen_contracts.ids import Id
from jifen_ledger.application.queries.rights_of_log import EntriesAccess

_ONE = f"(?:{'|'.join(EntriesAccess)})"
# What the environment does not say may lie here, in a file of the variable's name.
SECRETS_DIR = os.environ.get("JIFEN_SECRETS_DIR")
ACCESS = f"^{_ONE}(?:,[a-z0-9][a-z0-9-]*={_ONE})*$"


class DatabaseSettings(BaseSettings):
    """What a command needs that only works on the database."""

    model_config = SettingsConfigDict(
        env_prefix="JIFEN_", frozen=True, extra="ignore", secrets_dir=SECRETS_DIR
    )

    database_url: SecretStr


class MaybeDatabaseSettings(BaseSettings):
    """What a command needs that also works on files alone."""

    model_config = SettingsConfigDict(
        env_prefix="JIFEN_", frozen=True, extra="ignore", secrets_dir=SECRETS_DIR
    )

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


class LogFilesSettings(BaseSettings):
    """Where the keys of the logs are, and what was signed last."""

    model_config = SettingsConfigDict(
        env_prefix="JIFEN_", frozen=True, extra="ignore", secrets_dir=SECRETS_DIR
    )

    # Each log's origin and key name is this, a slash and its scheme; it never changes.
    log_origin: Annotated[str, Field(pattern=r"^[a-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._-]+)*$")]
    log_key_dir: Path
    # On another volume than the database.
    log_anchor_dir: Path


class LedgerSettings(ProjectionSettings, LogFilesSettings):
    """What the whole service needs."""

    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8081
    # With both, HTTP is TLS.
    http_tls_cert_file: Path | None = None
    http_tls_key_file: Annotated[Path | None, Field(validate_default=True)] = None
    readers_file: Path
    # Readiness: at most this far behind the stream.
    lag_max: Annotated[int, Field(ge=0)] = 10_000
    # Connections for reads, beside those of the projections.
    read_connections_max: Annotated[int, Field(ge=1, le=100)] = 8
    log_publish_interval: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}(?:ms|s|m)$")] = "1s"
    # One for all schemes, or that and `scheme=access` of some, separated by commas.
    log_entries_access: Annotated[str, Field(pattern=ACCESS)] = "auditors"

    @field_validator("http_tls_key_file")
    @classmethod
    def _both_or_neither(cls, key: Path | None, others: ValidationInfo) -> Path | None:
        if (key is None) != (others.data.get("http_tls_cert_file") is None):
            raise ValueError("a key and JIFEN_HTTP_TLS_CERT_FILE go together")
        return key

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
