"""The ledger's settings, read once from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from jifen_contracts.ids import Id
from jifen_ledger.application.queries.rights_of_log import EntriesAccess
from jifen_ledger.application.witness import Quorum, Witness, parse_witnesses

_ONE = f"(?:{'|'.join(EntriesAccess)})"
_FROM_ENVIRONMENT = SettingsConfigDict(
    env_prefix="JIFEN_",
    frozen=True,
    extra="ignore",
    use_attribute_docstrings=True,
    # What the environment does not say may lie here, in a file of the variable's name.
    secrets_dir=os.environ.get("JIFEN_SECRETS_DIR"),
)
ACCESS = f"^{_ONE}(?:,[a-z0-9][a-z0-9-]*={_ONE})*$"
DRIVERS = ("postgresql", "postgresql+psycopg")


def _of_postgres(url: SecretStr) -> SecretStr:
    """Refuse what is no address of a PostgreSQL database; it may hold a password."""
    try:
        driver = sa.make_url(url.get_secret_value()).drivername
    except (sa.exc.ArgumentError, ValueError):
        driver = ""
    if driver not in DRIVERS:
        raise ValueError("not of the form postgresql+psycopg://user:password@host/name")
    return url


_Word = Annotated[str, StringConstraints(pattern=r"^\S+$")]
_Servers = Annotated[
    str, StringConstraints(pattern=r"^(?:nats|tls|ws|wss)://[^\s,]+(?:,\s*[a-z]+://[^\s,]+)*$")
]
_Database = Annotated[SecretStr, AfterValidator(_of_postgres)]


def secret_of(secret: SecretStr | None) -> str | None:
    """Return the secret in clear, or None where there is none."""
    return None if secret is None else secret.get_secret_value()


class DatabaseSettings(BaseSettings):
    """What a command needs that only works on the database."""

    model_config = _FROM_ENVIRONMENT

    database_url: _Database
    """The ledger's PostgreSQL, as postgresql+psycopg://user:password@host/name."""


class MaybeDatabaseSettings(BaseSettings):
    """What a command needs that also works on files alone."""

    model_config = _FROM_ENVIRONMENT

    database_url: _Database | None = None
    """The ledger's PostgreSQL, as postgresql+psycopg://user:password@host/name."""


class ServersSettings(DatabaseSettings):
    """What needs both servers."""

    nats_url: _Servers
    """Where NATS is."""
    nats_user: _Word | None = None
    """NATS user."""
    nats_password: SecretStr | None = None
    """Password of the NATS user."""


class EvidenceSettings(ServersSettings):
    """How long files of evidence are kept."""

    evidence_years: Annotated[int, Field(ge=1, le=100)] = 5
    """Years that a file is kept after the last event that names it."""
    evidence_unused_days: Annotated[int, Field(ge=1, le=3_650)] = 30
    """Days that a file is kept after its upload where no event names it."""


class FoldSettings(ServersSettings):
    """What a command needs that folds a stream."""

    batch_max: Annotated[int, Field(ge=1, le=20_000)] = 8_000
    """Messages in one transaction."""
    state_rows_max: Annotated[int, Field(ge=0, le=10_000_000)] = 300_000
    """Rows that the schemes of a process keep in memory between batches, together."""


class ProjectionSettings(FoldSettings):
    """What the projection needs."""

    schemes: Annotated[tuple[Id, ...], NoDecode, Field(min_length=1, max_length=100)]
    """Schemes to project, separated by commas."""
    write_connections_max: Annotated[int, Field(ge=2, le=100)] = 8
    """Database connections that the projections share."""
    worker: Id | None = None
    """The worker's name in its leases, unlike any other's; by default it is drawn. One that starts
    again under its name takes up at once what it held."""

    @field_validator("schemes", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """Take the schemes as the environment has them: separated by commas."""
        if not isinstance(value, str):
            return value
        return tuple(one.strip() for one in value.split(",") if one.strip())


class AnchorSettings(BaseSettings):
    """Where it says what was signed last."""

    model_config = _FROM_ENVIRONMENT

    log_anchor_dir: Path
    """Where `<scheme>.anchor` lies, what was signed last; on another volume than the database."""


class ReconcileSettings(ServersSettings, AnchorSettings):
    """What compares stream, journal and log, or refills a stream."""


class LogFilesSettings(AnchorSettings):
    """Where the keys of the logs are, and what was signed last."""

    log_origin: Annotated[str, Field(pattern=r"^[a-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._-]+)*$")]
    """Each log's origin and key name is this, a slash and its scheme; it never changes."""
    log_key_dir: Path
    """Where `<scheme>.key` lies: 32 random bytes in hex, mode 0600."""
    log_witnesses: str | None = None
    """Witnesses of the logs: `vkey url` of each, separated by commas or lines."""
    log_witness_quorum: Annotated[int, Field(ge=0)] = 0
    """A checkpoint is published when so many of the witnesses have cosigned it."""

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """The witnesses, each with its key."""
        return parse_witnesses(self.log_witnesses or "")

    @property
    def quorum(self) -> Quorum:
        """What makes a checkpoint public."""
        return Quorum(self.log_witness_quorum, [one.key for one in self.witnesses])

    @field_validator("log_witnesses")
    @classmethod
    def _parsed(cls, value: str | None) -> str | None:
        keys = [one.key.public for one in parse_witnesses(value or "")]
        if len(set(keys)) < len(keys):
            raise ValueError("a witness is named twice")
        return value

    @field_validator("log_witness_quorum")
    @classmethod
    def _reached(cls, value: int, info: ValidationInfo) -> int:
        if value > len(parse_witnesses(info.data.get("log_witnesses") or "")):
            raise ValueError("more than there are witnesses")
        return value


class RefillLedgerSettings(FoldSettings, LogFilesSettings):
    """What fills an empty database from the stream, and signs as before."""


class LedgerSettings(ProjectionSettings, LogFilesSettings):
    """What the whole service needs."""

    http_host: _Word = "127.0.0.1"
    """Address to listen on."""
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8081
    """Port to listen on; 0 takes a free one."""
    http_tls_cert_file: Path | None = None
    """Certificate; with its key HTTP is TLS."""
    http_tls_key_file: Annotated[Path | None, Field(validate_default=True)] = None
    """Key of the certificate."""
    readers_file: Path
    """Who may read; it is read again when it changes."""
    lag_max: Annotated[int, Field(ge=0)] = 10_000
    """Not ready when further behind the stream, in messages."""
    read_connections_max: Annotated[int, Field(ge=1, le=100)] = 8
    """Database connections for reads, beside those of the projections."""
    reconcile_look_s: Annotated[float, Field(gt=0, le=3_600)] = 10.0
    """Seconds between looks at the ends and newest messages of stream and journal."""
    reconcile_pass_s: Annotated[float, Field(gt=0, le=30 * 86_400)] = 21_600.0
    """The whole past is compared once in so many seconds."""
    log_publish_interval: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}(?:ms|s|m)$")] = "1s"
    """How often a log is signed, in `ms`, `s` or `m`."""
    log_entries_access: Annotated[str, Field(pattern=ACCESS)] = "auditors"
    """Who reads entries, `auditors`, `members` or `public`: one for all schemes, or that and
    `scheme=access` of some, separated by commas."""
    invariants_interval_s: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    """How often the invariants are computed from the tables, in seconds; at most a twentieth of
    the time is spent on it."""
    tracing_endpoint: Annotated[str, Field(pattern=r"^https?://[^\s/]+\S*$")] | None = None
    """Where spans are sent, OTLP over HTTP, such as http://collector:4318/v1/traces; unset,
    nothing is traced."""
    tracing_ratio: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Share of the traces that begin here; one that a caller began follows the caller's flag."""

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


class BackupSettings(ServersSettings):
    """What a backup is taken from and brought back to."""

    log_key_dir: Path
    log_anchor_dir: Path
