"""Ports on this machine's loopback."""

import errno
import socket

import psutil

HOST = "127.0.0.1"


def free_port(wanted: int = 0) -> int:
    """The wanted port, or another that is free when it is taken."""
    with socket.socket() as probe:
        # As the servers do: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError as error:
            if wanted == 0 or error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            return free_port()
        port: int = probe.getsockname()[1]
        return port


def listens(pid: int, port: int) -> bool:
    """Whether that process takes connections on the port."""
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except psutil.Error:  # It ended.
        return False
    return any(
        connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
        for connection in connections
    )
