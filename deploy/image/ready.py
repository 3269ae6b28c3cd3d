"""The health check of both images: ends with 0 when the service of this container is ready."""  # noqa: INP001

import http.client
import os
import ssl
import sys

TIMEOUT_S = 8.0

port = int(os.environ["JIFEN_HTTP_PORT"])
connection: http.client.HTTPConnection
if os.environ.get("JIFEN_HTTP_TLS_CERT_FILE"):
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection("localhost", port, timeout=TIMEOUT_S, context=context)
else:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
try:
    connection.request("GET", "/readyz")
    ready = connection.getresponse().status == http.client.OK
except OSError:
    ready = False
sys.exit(0 if ready else 1)
