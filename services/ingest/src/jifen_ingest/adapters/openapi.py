"""The OpenAPI document: what FastAPI knows of the pages, and what only we know of the events."""

import json
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from jifen_contracts.ids import ID_PATTERN
from jifen_ingest.adapters.content_modes import BATCH, BINARY, NDJSON, STRUCTURED
from jifen_ingest.adapters.event_schemas import COMPONENTS, event_schemas
from jifen_ingest.adapters.evidence_document import FILE, OF_FILES, evidence_operation
from jifen_ingest.adapters.problems import (
    METHOD_NOT_ALLOWED,
    PROBLEM_JSON,
    PROBLEMS,
    UNSUPPORTED_MEDIA,
    Problem,
)

JSON: Final = "application/json"
EXAMPLE_SOURCE: Final = "urn:jifen:source:attendance"
Schema = dict[str, Any]

_DATA_EXAMPLE: Final[Schema] = {
    "claim": "c-00417",
    "item": "D05",
    "deed": "visit-0712-a",
    "measure": {"committee": {"count": 1}},
    "points": {"committee": "0.5"},
}
EVENT_EXAMPLE: Final[Schema] = {
    "specversion": "1.0",
    "id": "mob-2023-07-00417",
    "source": EXAMPLE_SOURCE,
    "type": "jifen.points.earned.v1",
    "subject": "m-0a17",
    "time": "2023-07-12T16:40:00+08:00",
    "data": _DATA_EXAMPLE,
}
_DESCRIPTION: Final = """\
Checks and stamps events and stores them durably; the answer comes when they are on disk.

One event: `application/cloudevents+json` (structured) or `application/json` with `ce-*` headers
(binary). Many: `application/cloudevents-batch+json` (a JSON array) or `application/x-ndjson` (one
event a line); then each event has its own result, in order, and the status is 200 even if some
are refused. With `atomic=true` all are stored, next to each other, or none.

Send it again with the same `id` whenever no answer came: what is stored already is not counted
twice. Headers and bodies are the same on NATS (`jifen.ingest.v1.<scheme>`, request and reply; the
header `Status` has the status, `Jifen-Atomic: true` stands for `atomic=true`), where the broker
takes bodies of at most 1 MiB. (nats-py raises NoRespondersError for an answer with status 503.)"""


def document_of(app: FastAPI, events_path: str, evidence_path: str) -> Schema:
    """Return the whole document; every status and media type that is answered is in it."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    for operations in document["paths"].values():
        for operation in operations.values():
            # FastAPI promises its own form of refusal; ours are problems.
            operation["responses"].pop("422", None)
            operation["responses"]["405"] = problem_response(METHOD_NOT_ALLOWED)
    document["paths"][events_path] = {"post": _operation()}
    document["paths"][evidence_path] = {"put": evidence_operation(problem_response)}
    components = document.setdefault("components", {})
    components["schemas"] = {**event_schemas(), **_ANSWERS, "File": FILE}
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return document


def problem_response(*problems: Problem) -> Schema:
    """Return the response of the problems that share one status."""
    return {
        "description": "; ".join(problem.title for problem in problems),
        "content": {PROBLEM_JSON: {"schema": {"$ref": f"{COMPONENTS}Problem"}}},
    }


def _operation() -> Schema:
    by_status: dict[HTTPStatus, list[Problem]] = {}
    of_events = [problem for code, problem in PROBLEMS.items() if code not in OF_FILES]
    for problem in (*of_events, UNSUPPORTED_MEDIA, METHOD_NOT_ALLOWED):
        by_status.setdefault(problem.status, []).append(problem)
    responses: Schema = {
        "200": {
            "description": "Durable, or for many events: each one's own result",
            "content": {
                JSON: {
                    "schema": {
                        "oneOf": [
                            {"$ref": f"{COMPONENTS}Accepted"},
                            {"$ref": f"{COMPONENTS}Results"},
                        ]
                    }
                }
            },
        }
    }
    for status, problems in sorted(by_status.items()):
        responses[str(int(status))] = problem_response(*problems)
    for repeatable in ("429", "503"):
        responses[repeatable]["headers"] = {
            "Retry-After": {"schema": {"type": "string"}, "description": "Seconds"}
        }
    responses["401"]["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return {
        "summary": "Store events",
        "description": _DESCRIPTION,
        "operationId": "store_events",
        "security": [{"token": []}],
        "parameters": _parameters(),
        "requestBody": {"required": True, "content": _bodies()},
        "responses": responses,
    }


def _parameters() -> list[Schema]:
    attributes = ("specversion", "id", "source", "type", "subject", "time")
    return [
        {
            "name": "scheme",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": ID_PATTERN},
            "example": "plant",
        },
        {
            "name": "atomic",
            "in": "query",
            "description": "All events or none.",
            "schema": {"type": "string", "enum": ["true", "false"]},
        },
        *(
            {
                "name": f"ce-{attribute}",
                "in": "header",
                "description": "Of a binary event only.",
                "schema": {"type": "string"},
                "example": EVENT_EXAMPLE[attribute],
            }
            for attribute in attributes
        ),
    ]


def _bodies() -> Schema:
    # What a batch holds is judged event by event, so its schema leaves them open.
    return {
        STRUCTURED: {"schema": {"$ref": f"{COMPONENTS}Event"}, "example": EVENT_EXAMPLE},
        BATCH: {
            "schema": {
                "type": "array",
                "description": "Each item should be an `Event`.",
                "items": {},
                "minItems": 1,
                "maxItems": 1_000,
            },
            "example": [EVENT_EXAMPLE],
        },
        NDJSON: {
            "schema": {"description": "Text: one `Event` a line."},
            "example": json.dumps(EVENT_EXAMPLE) + "\n",
        },
        BINARY: {
            "schema": {
                "type": "object",
                "description": "The `data` of the event; its attributes are `ce-*` headers.",
            },
            "example": _DATA_EXAMPLE,
        },
    }


_STORED: Final[Schema] = {
    "id": {"type": "string"},
    "source": {"type": "string"},
    "seq": {"type": "integer", "minimum": 1, "description": "Position in the scheme's stream"},
    "payload_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "duplicate": {"type": "boolean", "description": "The same content was stored before"},
}
_REFUSED: Final[Schema] = {
    "index": {"type": "integer", "minimum": 0, "description": "Place in the request"},
    "code": {"type": "string"},
    "detail": {"type": "string"},
}


def _object(properties: Schema, *optional: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


_ANSWERS: Final[Schema] = {
    "Accepted": {**_object(_STORED), "additionalProperties": False},
    "Results": _object(
        {
            "results": {
                "type": "array",
                "items": {
                    "oneOf": [
                        _object({"status": {"const": "accepted"}, **_STORED}),
                        _object({"status": {"const": "refused"}, **_REFUSED}),
                    ]
                },
            },
            "accepted": {"type": "integer", "minimum": 0},
            "refused": {"type": "integer", "minimum": 0},
        }
    ),
    "Problem": _object(
        {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string", "description": "Stable; what clients match on"},
            "instance": {"type": "string"},
            "hint": {"type": "string"},
            "errors": {
                "type": "array",
                "items": _object({"pointer": {"type": "string"}, "message": {"type": "string"}}),
            },
        },
        "errors",
    ),
}
