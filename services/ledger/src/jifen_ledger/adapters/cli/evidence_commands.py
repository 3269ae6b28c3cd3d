"""`jifen-ledger evidence …`: the files whose time has passed."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.connecting import connected_soon
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.evidence_uses import PostgresFileUses
from jifen_ledger.adapters.log_lines import configure_log
from jifen_ledger.application.expire_evidence import expire
from jifen_ledger.application.stopped import Unavailable
from jifen_ledger.domain.retention import Retention
from jifen_ledger.settings import EvidenceSettings, secret_of


async def expire_files(options: argparse.Namespace, settings: EvidenceSettings) -> int:
    """Print what goes, and remove it if that was asked. Raises CommandFailed."""
    retention = Retention(settings.evidence_years, settings.evidence_unused_days)
    password = secret_of(settings.nats_password)
    engine = async_engine(settings.database_url.get_secret_value(), connections_max=1)
    try:
        async with connected_soon(settings.nats_url, settings.nats_user, password) as client:
            going = await expire(
                NatsEvidence(client),
                PostgresFileUses(engine),
                options.scheme,
                retention,
                datetime.now(UTC),
                remove=options.remove,
            )
    except Unavailable as unavailable:
        raise CommandFailed(str(unavailable)) from None
    finally:
        await engine.dispose()
    for one in going:
        sys.stdout.write(f"{one.name}  {one.size:>10}  {one.why.value}\n")
    counted = Counter(one.why.value for one in going)
    told = ", ".join(f"{number} {why}" for why, number in sorted(counted.items())) or "nothing"
    end = "removed" if options.remove else "would go; --remove removes it"
    sys.stdout.write(f"{told} {end}\n")
    return 0


def fill_evidence(evidence: argparse.ArgumentParser, scheme_id: Callable[[str], str]) -> None:
    """Add the verbs of `evidence`; `scheme_id` checks an id."""
    verbs = evidence.add_subparsers(required=True, metavar="VERB")
    expiring = verbs.add_parser(
        "expire",
        help="list the files whose time has passed, or remove them",
        description="Files go JIFEN_EVIDENCE_YEARS after the last event that names them, those"
        " that no event names JIFEN_EVIDENCE_UNUSED_DAYS after their upload. Nothing is removed"
        " without --remove.",
    )
    expiring.add_argument("--remove", action="store_true", help="remove what is listed")
    expiring.add_argument("scheme", metavar="SCHEME", type=scheme_id, help="such as plant-2")
    expiring.set_defaults(command=_expire)


def _expire(options: argparse.Namespace) -> int:
    settings = EvidenceSettings()
    # That the connection ends is no news here.
    configure_log(logging.ERROR)
    return asyncio.run(expire_files(options, settings))
