"""What the OpenAPI document says of the door for files."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from jifen_contracts.codes import Code
from jifen_contracts.ids import ID_PATTERN
from jifen_ingest.adapters.event_schemas import COMPONENTS
from jifen_ingest.adapters.problems import METHOD_NOT_ALLOWED, PROBLEMS, Problem
from jifen_ingest.settings import EVIDENCE_MEDIA_TYPES

Schema = dict[str, Any]

# Refusals that no event meets.
OF_FILES: Final = frozenset({Code.HASH_MISMATCH, Code.MEDIA_NOT_ALLOWED})
_CODES: Final = (
    *sorted(OF_FILES),
    Code.MALFORMED,
    Code.UNAUTHORISED,
    Code.SCHEME_NOT_ALLOWED,
    Code.TYPE_NOT_ALLOWED,
    Code.UNKNOWN_SCHEME,
    Code.TOO_LARGE,
    Code.BUSY,
)
_DESCRIPTION: Final = """\
Stores a file under its SHA-256, durably before the answer comes; events name it by that hash. The
kind is judged by the content, whatever `Content-Type` says. The same file again is answered with
200 and stored once."""
_EMPTY_SHA256: Final = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

FILE: Final[Schema] = {
    "type": "object",
    "properties": {
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "size": {"type": "integer", "minimum": 1},
        "media_type": {"type": "string"},
        "duplicate": {"type": "boolean", "description": "The file was stored before"},
    },
    "required": ["sha256", "size", "media_type", "duplicate"],
    "additionalProperties": False,
}


def evidence_operation(response_of: Callable[..., Schema]) -> Schema:
    """Return the operation; `response_of` tells of the problems that share one status."""
    stored = {"application/json": {"schema": {"$ref": f"{COMPONENTS}File"}}}
    by_status: dict[HTTPStatus, list[Problem]] = {}
    for problem in (*(PROBLEMS[code] for code in _CODES), METHOD_NOT_ALLOWED):
        by_status.setdefault(problem.status, []).append(problem)
    responses: Schema = {
        "200": {"description": "It was stored before", "content": stored},
        "201": {"description": "Durable", "content": stored},
    }
    for status, problems in sorted(by_status.items()):
        responses[str(int(status))] = response_of(*problems)
    responses["401"]["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    responses["503"]["headers"] = {
        "Retry-After": {"schema": {"type": "string"}, "description": "Seconds"}
    }
    return {
        "summary": "Store a file of evidence",
        "description": _DESCRIPTION,
        "operationId": "store_evidence",
        "security": [{"token": []}],
        "parameters": [
            _path("scheme", ID_PATTERN, "plant"),
            _path("sha256", "^[0-9a-f]{64}$", _EMPTY_SHA256),
        ],
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in (*EVIDENCE_MEDIA_TYPES, "application/octet-stream")
            },
        },
        "responses": responses,
    }


def _path(name: str, pattern: str, example: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": pattern},
        "example": example,
    }
