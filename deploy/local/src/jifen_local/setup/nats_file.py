"""The configuration of NATS in containers: one node, or one of a cluster."""

import json
from collections.abc import Mapping, Sequence

from jifen_local.nats_users import permissions_of
from jifen_local.servers.nats import MAX_PAYLOAD_BYTES

CLIENT_PORT, CLUSTER_PORT, MONITOR_PORT = 4222, 6222, 8222
CLUSTER = "jifen"
CLUSTER_USER = "node"


def nats_configuration(
    passwords: Mapping[str, str],
    schemes: Sequence[str],
    *,
    node: str,
    nodes: Sequence[str],
    cluster_password: str,
    tls: Mapping[str, str] | None,
) -> str:
    """Return the file of one node; with others beside it, it is one of a cluster of them."""
    jetstream: dict[str, object] = {"store_dir": "/data"}
    configuration: dict[str, object] = {
        "server_name": node,
        "listen": f"0.0.0.0:{CLIENT_PORT}",
        # For the health check within the container, and for an exporter in the same network.
        "http": f"0.0.0.0:{MONITOR_PORT}",
        "max_payload": MAX_PAYLOAD_BYTES,
        "jetstream": jetstream,
        "authorization": {
            "users": [
                {"user": user, "password": password, "permissions": permissions_of(user, schemes)}
                for user, password in passwords.items()
            ]
        },
    }
    if len(nodes) == 1:
        # The server's default acknowledges up to two minutes before the disk has it. In a cluster
        # a majority has every message before it is acknowledged.
        jetstream["sync_interval"] = "always"
    else:
        configuration["cluster"] = {
            "name": CLUSTER,
            "listen": f"0.0.0.0:{CLUSTER_PORT}",
            "authorization": {"user": CLUSTER_USER, "password": cluster_password},
            "routes": [
                f"nats://{CLUSTER_USER}:{cluster_password}@{other}:{CLUSTER_PORT}"
                for other in nodes
            ],
            # A node tells clients of the others by names that they can resolve only inside.
            "no_advertise": True,
        } | ({"tls": {**tls, "verify": True}} if tls else {})
    if tls:
        configuration["tls"] = {key: tls[key] for key in ("cert_file", "key_file")}
    return json.dumps(configuration, indent=2) + "\n"
