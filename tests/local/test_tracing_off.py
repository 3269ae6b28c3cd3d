"""While nothing is traced, a service does not even import what would send spans."""

import subprocess
import sys

SAYS = """
import sys
import jifen_ingest.app, jifen_ledger.app
sends = ("opentelemetry.sdk", "opentelemetry.exporter")
print([one for one in sys.modules if one.startswith(sends)])
"""


def test_a_service_that_does_not_trace_imports_neither_sdk_nor_exporter() -> None:
    done = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
