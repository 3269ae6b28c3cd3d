"""The two servers Jifen stands on, from wheels, as child processes."""

from jifen_local.children import StartFailed
from jifen_local.servers.nats import NatsServer, start_nats
from jifen_local.servers.postgres import PostgresServer, start_postgres

__all__ = ["NatsServer", "PostgresServer", "StartFailed", "start_nats", "start_postgres"]
