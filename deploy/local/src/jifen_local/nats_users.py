"""Who may do what on NATS: the least each service needs."""

from types import MappingProxyType

_READ_STREAMS = ("$JS.API.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.DIRECT.GET.>")

# Wildcards match whole tokens, so the streams themselves cannot be told apart by name here;
# `deny_delete` and `deny_purge` on the stream protect what must stay.
_MAY_PUBLISH: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "ingest": (
            "jifen.v1.>",
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
            "$JS.API.STREAM.PURGE.*",
            "$JS.API.STREAM.MSG.DELETE.*",
            "$JS.ACK.>",
            "$JS.FC.>",
        ),
        # Makes the streams, and refills a lost one from the ledger.
        "operator": (
            "$JS.API.>",
            "$JS.ACK.>",
            "$JS.FC.>",
            "jifen.v1.>",
            "jifen.private.v1.>",
            "jifen.refill.>",
        ),
        "upstream": ("jifen.ingest.v1.>",),
    }
)
_MAY_SUBSCRIBE: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {"ingest": ("jifen.ingest.v1.>",)}
)

USERS = tuple(_MAY_PUBLISH)


def inbox_prefix_of(user: str) -> str:
    """Each user has its own inbox, so that none can read the answers of another."""
    return f"_INBOX.{user}"


def permissions_of(user: str) -> dict[str, object]:
    permissions: dict[str, object] = {
        "publish": {"allow": list(_MAY_PUBLISH[user])},
        "subscribe": {"allow": [*_MAY_SUBSCRIBE.get(user, ()), f"{inbox_prefix_of(user)}.>"]},
    }
    if user == "ingest":
        # It answers whoever asked, and can publish to no inbox otherwise.
        permissions["allow_responses"] = {"max": 1, "expires": "1m"}
    return permissions
