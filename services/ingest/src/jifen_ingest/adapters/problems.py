"""The one table of problems: every refusal's HTTP status, title and hint (RFC 9457)."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import orjson

from jifen_contracts.codes import MEANINGS, Code
from jifen_ingest.domain.refusals import Busy, RateLimited, Refusal, Unauthorised, UnsupportedMedia

PROBLEM_JSON: Final = "application/problem+json"
DETAIL_CHARS_MAX: Final = 600


@dataclass(frozen=True, slots=True)
class Problem:
    status: HTTPStatus
    title: str
    hint: str


PROBLEMS: Final[dict[Code, Problem]] = {
    Code.MALFORMED: Problem(
        HTTPStatus.BAD_REQUEST,
        "The request cannot be read",
        "Send UTF-8 JSON without repeated keys, in the form that Content-Type names.",
    ),
    Code.UNAUTHORISED: Problem(
        HTTPStatus.UNAUTHORIZED,
        "No valid credential",
        "Send the header Authorization: Bearer <token>; `jifen-ingest token` makes one.",
    ),
    Code.SCHEME_NOT_ALLOWED: Problem(
        HTTPStatus.FORBIDDEN,
        "Not the scheme of this credential",
        "Post to the scheme the credential was made for, and leave schemeid out.",
    ),
    Code.SOURCE_NOT_ALLOWED: Problem(
        HTTPStatus.FORBIDDEN,
        "Not a source of this credential",
        "Use one of the sources listed for the credential, or have this one added.",
    ),
    Code.TYPE_NOT_ALLOWED: Problem(
        HTTPStatus.FORBIDDEN,
        "The credential lacks the scope for this",
        "Use a credential with the scope that the detail names.",
    ),
    Code.UNKNOWN_SCHEME: Problem(
        HTTPStatus.NOT_FOUND,
        "The scheme has no stream",
        "Let an operator run `jifen-ingest scheme create` if the scheme is new, and"
        " `jifen-ledger refill-stream` if it had a stream.",
    ),
    Code.NOT_FOUND: Problem(
        HTTPStatus.NOT_FOUND, "No such address", "See /openapi.json for the addresses."
    ),
    Code.BATCH_TOO_LARGE: Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "Too much for one request",
        "Send fewer events at once.",
    ),
    Code.TOO_LARGE: Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "The event or file is too long",
        "Put files under /evidence and send their hashes; free text belongs under data.private.",
    ),
    Code.HASH_MISMATCH: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The file has another hash",
        "Put a file under the SHA-256 of its bytes, in lower-case hexadecimal.",
    ),
    Code.MEDIA_NOT_ALLOWED: Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "Not a kind of file that is taken",
        "Send one of the kinds that the detail names; the content counts, not the header.",
    ),
    Code.SCHEMA_INVALID: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The event breaks its contract",
        "Correct the places that errors names; the schemas are in /openapi.json.",
    ),
    Code.UNKNOWN_TYPE: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "No such type of event",
        "Use one of the types in /openapi.json.",
    ),
    Code.POINTS_PRECISION: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Points are too fine",
        'Send points as a decimal string with at most one decimal, such as "2.5".',
    ),
    Code.PERSONAL_DATA: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Personal data in a public text",
        "Put it under data.private, where it can be erased.",
    ),
    Code.IN_FUTURE: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "A time lies in the future",
        "Check the producer's clock and the offset of its times.",
    ),
    Code.RATE_LIMITED: Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many events at once",
        "Wait for answers before sending more.",
    ),
    Code.BUSY: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The event log did not confirm",
        "Send it again with the same id; what is stored already is not counted twice.",
    ),
    Code.STREAM_LOST: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The scheme's stream is gone or has gone back",
        "Keep it and send it again with the same id; an operator refills the stream.",
    ),
}
UNSUPPORTED_MEDIA: Final = Problem(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "The body is in none of the four forms",
    "Use application/cloudevents+json, application/cloudevents-batch+json, "
    "application/x-ndjson, or application/json with ce-* headers.",
)
METHOD_NOT_ALLOWED: Final = Problem(
    HTTPStatus.METHOD_NOT_ALLOWED, "Not a method of this address", "See the header Allow."
)


def problem_of(refusal: Refusal) -> Problem:
    if isinstance(refusal, UnsupportedMedia):
        return UNSUPPORTED_MEDIA
    return PROBLEMS[refusal.code]


def problem_body(problem: Problem, code: Code, detail: str, instance: str) -> dict[str, object]:
    return {
        "type": f"/problems/{code}",
        "title": problem.title,
        "status": int(problem.status),
        "detail": detail[:DETAIL_CHARS_MAX],
        "code": str(code),
        "instance": instance,
        "hint": problem.hint,
    }


def refusal_body(refusal: Refusal, instance: str) -> bytes:
    body = problem_body(problem_of(refusal), refusal.code, refusal.detail, instance)
    if refusal.faults:
        body["errors"] = [
            {"pointer": fault.pointer, "message": fault.message} for fault in refusal.faults
        ]
    return orjson.dumps(body)


def refusal_headers(refusal: Refusal, retry_after_s: int) -> dict[str, str]:
    match refusal:
        case Unauthorised():
            return {"WWW-Authenticate": 'Bearer realm="jifen"'}
        case Busy() | RateLimited():
            return {"Retry-After": str(retry_after_s)}
        case _:
            return {}


def meaning_of(code: Code) -> str:
    return MEANINGS[code]
