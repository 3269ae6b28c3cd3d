"""What ingest is told from outside; read once, at start."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from jifen_contracts.ids import Id

# The broker refuses longer messages (its default max_payload), so the NATS door does too.
BROKER_PAYLOAD_BYTES_MAX = 1_048_576
# Photos, scans and lists, as people have them at hand.
EVIDENCE_MEDIA_TYPES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/heic",
    "image/jpeg",
    "image/png",
    "image/webp",
)

_MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]{1,100}$")]
_Word = Annotated[str, StringConstraints(pattern=r"^\S+$")]
_Servers = Annotated[
    str, StringConstraints(pattern=r"^(?:nats|tls|ws|wss)://[^\s,]+(?:,\s*[a-z]+://[^\s,]+)*$")
]
_Count = Annotated[int, Field(ge=1, le=1_000_000)]
_Bytes = Annotated[int, Field(ge=1_024, le=268_435_456)]
_Seconds = Annotated[float, Field(gt=0, le=300)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="JIFEN_",
        frozen=True,
        extra="ignore",
        use_attribute_docstrings=True,
        # What the environment does not say may lie here, in a file of the variable's name.
        secrets_dir=os.environ.get("JIFEN_SECRETS_DIR"),
    )

    nats_url: _Servers = "nats://127.0.0.1:4222"
    """Where NATS is."""
    nats_user: _Word | None = None
    """NATS user."""
    nats_password: SecretStr | None = None
    """Password of the NATS user."""
    http_host: _Word = "127.0.0.1"
    """Address to listen on."""
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    """Port to listen on; 0 takes a free one."""
    http_tls_cert_file: Path | None = None
    """Certificate; with its key HTTP is TLS."""
    http_tls_key_file: Annotated[Path | None, Field(validate_default=True)] = None
    """Key of the certificate."""
    sources_file: Path = Path("sources.toml")
    """Who may send; it is read again when it changes."""

    ingest_single_bytes_max: _Bytes = 262_144
    """Body of a single event, in bytes."""
    ingest_body_bytes_max: _Bytes = 8_388_608
    """Body of many events, in bytes."""
    ingest_bodies_bytes_max: _Bytes = 67_108_864
    """Bodies being received at the same time, all callers together, in bytes."""
    ingest_batch_events_max: Annotated[int, Field(ge=1, le=1_000)] = 1_000
    """Events in one request."""
    ingest_credential_events_max: _Count = 5_000
    """Events of one credential under way; 429 beyond."""
    ingest_connections_max: _Count = 4_096
    """HTTP connections."""
    ingest_nats_workers: Annotated[int, Field(ge=1, le=4_096)] = 256
    """NATS requests handled at the same time."""

    ingest_singles_max: Annotated[int, Field(ge=1, le=1_000)] = 16
    """Above so many events a group is one atomic batch; what is best depends on the disk."""
    ingest_queue_events_max: _Count = 10_000
    """Events waiting to be stored; 503 beyond."""
    ingest_queue_bytes_max: _Bytes = 67_108_864
    """Bytes of the events waiting to be stored; 503 beyond."""
    ingest_recent_events_max: _Count = 50_000
    """Stored events remembered to answer resends."""
    ingest_commit_timeout_s: _Seconds = 5.0
    """Wait for the broker's confirmation, in seconds."""
    ingest_drain_timeout_s: _Seconds = 15.0
    """Time to store what is queued when stopping, in seconds."""
    ingest_retry_after_s: Annotated[int, Field(ge=1, le=300)] = 1
    """`Retry-After` of 429 and 503, in seconds."""

    evidence_bytes_max: _Bytes = 20_971_520
    """A file of evidence, in bytes."""
    evidence_media_types: Annotated[
        tuple[_MediaType, ...], NoDecode, Field(min_length=1, max_length=50)
    ] = EVIDENCE_MEDIA_TYPES
    """Media types of evidence that are taken, by content, separated by commas."""
    evidence_uploads_max: Annotated[int, Field(ge=1, le=1_000)] = 16
    """Files being received at the same time; each waits on disk, not in memory."""
    evidence_timeout_s: _Seconds = 120.0
    """Time to receive and store a file, in seconds."""

    tracing_endpoint: Annotated[str, Field(pattern=r"^https?://[^\s/]+\S*$")] | None = None
    """Where spans are sent, OTLP over HTTP, such as http://collector:4318/v1/traces; unset,
    nothing is traced."""
    tracing_ratio: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Share of the traces that begin here; one that a caller began follows the caller's flag."""

    @field_validator("evidence_media_types", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """Take the kinds as the environment has them: separated by commas."""
        if not isinstance(value, str):
            return value
        return tuple(one.strip() for one in value.split(",") if one.strip())

    @field_validator("http_tls_key_file")
    @classmethod
    def _both_or_neither(cls, key: Path | None, others: ValidationInfo) -> Path | None:
        if (key is None) != (others.data.get("http_tls_cert_file") is None):
            raise ValueError("a key and JIFEN_HTTP_TLS_CERT_FILE go together")
        return key


class StreamsSettings(Settings):
    """What making the streams needs beside the connection."""

    schemes: Annotated[tuple[Id, ...], NoDecode, Field(max_length=100)] = ()
    """Schemes whose streams are made where the command names none, separated by commas."""
    stream_replicas: Literal[1, 3, 5] = 1
    """Copies of every message in a cluster; a majority has it before it is acknowledged."""

    @field_validator("schemes", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        """Take the schemes as the environment has them: separated by commas."""
        if not isinstance(value, str):
            return value
        return tuple(one.strip() for one in value.split(",") if one.strip())

    @field_validator("stream_replicas", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        return int(value) if isinstance(value, str) and value.isdecimal() else value
