"""What ingest is told from outside; read once, at start."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

# The broker refuses longer messages (its default max_payload), so the NATS door does too.
BROKER_PAYLOAD_BYTES_MAX = 1_048_576

_Count = Annotated[int, Field(ge=1, le=1_000_000)]
_Bytes = Annotated[int, Field(ge=1_024, le=268_435_456)]
_Seconds = Annotated[float, Field(gt=0, le=300)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="JIFEN_", frozen=True, extra="ignore")

    nats_url: str = "nats://127.0.0.1:4222"
    nats_user: str | None = None
    nats_password: SecretStr | None = None
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    sources_file: Path = Path("sources.toml")

    ingest_single_bytes_max: _Bytes = 262_144
    ingest_body_bytes_max: _Bytes = 8_388_608
    # Bodies being received at the same time, all callers together.
    ingest_bodies_bytes_max: _Bytes = 67_108_864
    ingest_batch_events_max: Annotated[int, Field(ge=1, le=1_000)] = 1_000
    ingest_credential_events_max: _Count = 5_000
    ingest_connections_max: _Count = 4_096
    ingest_nats_workers: Annotated[int, Field(ge=1, le=4_096)] = 256

    # From so many events on, a group goes out as one atomic batch; depends on the disk.
    ingest_singles_max: Annotated[int, Field(ge=1, le=1_000)] = 16
    ingest_queue_events_max: _Count = 10_000
    ingest_queue_bytes_max: _Bytes = 67_108_864
    ingest_recent_events_max: _Count = 50_000
    ingest_commit_timeout_s: _Seconds = 5.0
    ingest_drain_timeout_s: _Seconds = 15.0
    ingest_retry_after_s: Annotated[int, Field(ge=1, le=300)] = 1
