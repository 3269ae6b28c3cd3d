"""Who may do what on NATS: the least each service needs."""

from collections.abc import Sequence
from types import MappingProxyType

from jifen_contracts.subjects import evidence_stream_of, private_stream_of, stream_of

_READ_STREAMS = ("$JS.API.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.DIRECT.GET.>")

_PUBLISHES_EVENTS = "jifen.v1.>"
_ERASES = ("$JS.API.STREAM.PURGE", "$JS.API.STREAM.MSG.DELETE")
# What makes streams, takes and restores snapshots, and writes a lost stream again.
_MANAGES = (
    *("$JS.API.>", "$JS.ACK.>", "$JS.FC.>", "$JS.SNAPSHOT.>"),
    *(_PUBLISHES_EVENTS, "jifen.private.v1.>", "jifen.refill.>"),
)
# Wildcards match whole tokens, so without the schemes' names streams cannot be told apart here;
# `deny_delete` and `deny_purge` on the stream protect what must stay.
_MAY_PUBLISH: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "ingest": (
            _PUBLISHES_EVENTS,
            "jifen.private.v1.>",
            # Files of evidence: their parts and their entries, never a purge.
            "$O.*.C.*",
            "$O.*.M.*",
            "$JS.API.STREAM.MSG.GET.*",
            *_READ_STREAMS,
        ),
        "ledger": (
            *_READ_STREAMS,
            "$JS.API.STREAM.MSG.GET.*",
            "$JS.API.CONSUMER.CREATE.>",
            "$JS.API.CONSUMER.DURABLE.CREATE.>",
            "$JS.API.CONSUMER.INFO.>",
            "$JS.API.CONSUMER.DELETE.>",
            "$JS.API.CONSUMER.MSG.NEXT.>",
            # Erasing private parts and files; the scheme's own stream refuses both.
            *(f"{erases}.*" for erases in _ERASES),
            "$JS.ACK.>",
            "$JS.FC.>",
        ),
        "operator": _MANAGES,
        # In containers the operator changes no stream of events: whoever makes a lost one again
        # closes it meanwhile and opens it then. No service has this user's password.
        "repair": _MANAGES,
        "upstream": ("jifen.ingest.v1.>",),
    }
)
_MAY_SUBSCRIBE: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {"ingest": ("jifen.ingest.v1.>",)}
)

USERS = tuple(_MAY_PUBLISH)
# Under two names both passwords of a user count, while whoever uses it changes over.
SECOND_NAME = "-b"


def role_of(user: str) -> str:
    """Return whose rights the user has: one of USERS."""
    return user.removesuffix(SECOND_NAME)


def other_name_of(user: str) -> str:
    """Return the name under which the next password of the user comes in."""
    role = role_of(user)
    return role if user != role else f"{role}{SECOND_NAME}"


def inbox_prefix_of(user: str) -> str:
    """Each user has its own inbox, so that none can read the answers of another."""
    return f"_INBOX.{user}"


def permissions_of(user: str, schemes: Sequence[str] = ()) -> dict[str, object]:
    """Return what the user may do; with the schemes' names, each right ends at the stream."""
    role = role_of(user)
    publish: dict[str, object] = {"allow": list(_MAY_PUBLISH[role])}
    if schemes and role == "ledger":
        publish["allow"] = [
            *(allowed for allowed in _MAY_PUBLISH[role] if not allowed.startswith(_ERASES)),
            *(
                f"{erases}.{stream}"
                for scheme in schemes
                for stream in (private_stream_of(scheme), evidence_stream_of(scheme))
                for erases in _ERASES
            ),
        ]
    if schemes and role == "operator":
        publish["allow"] = [one for one in _MAY_PUBLISH[role] if one != _PUBLISHES_EVENTS]
        # A changed limit forgets messages as well as a deletion does.
        ways = (*_ERASES, "$JS.API.STREAM.DELETE", "$JS.API.STREAM.UPDATE")
        publish["deny"] = [f"{way}.{stream_of(scheme)}" for scheme in schemes for way in ways]
    permissions: dict[str, object] = {
        "publish": publish,
        "subscribe": {"allow": [*_MAY_SUBSCRIBE.get(role, ()), f"{inbox_prefix_of(user)}.>"]},
    }
    if role == "ingest":
        # It answers whoever asked, and can publish to no inbox otherwise.
        permissions["allow_responses"] = {"max": 1, "expires": "1m"}
    return permissions
