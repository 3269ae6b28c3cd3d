"""One moment of one scheme: every read of an answer sees the same records."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from jifen_ledger.adapters.directory_table import directory_revision
from jifen_ledger.adapters.members import load_members
from jifen_ledger.adapters.reads.accounts import AccountReads
from jifen_ledger.adapters.reads.assessments import AssessmentReads
from jifen_ledger.adapters.reads.bulletins import BulletinReads
from jifen_ledger.adapters.reads.claims import ClaimReads
from jifen_ledger.adapters.reads.concern_figures import ConcernFigureReads
from jifen_ledger.adapters.reads.concerns import ConcernReads
from jifen_ledger.adapters.reads.counted_boards import CountedBoardReads
from jifen_ledger.adapters.reads.directory import DirectoryReads, DirectoryWrites
from jifen_ledger.adapters.reads.figures import FigureReads
from jifen_ledger.adapters.reads.journal import JournalReads
from jifen_ledger.adapters.reads.judgements import JudgementReads
from jifen_ledger.adapters.reads.ledger import Counts, LedgerReads
from jifen_ledger.adapters.reads.log import LogReads
from jifen_ledger.adapters.reads.patterns import PatternReads
from jifen_ledger.adapters.reads.private_parts import PrivatePartReads
from jifen_ledger.adapters.reads.publications import PublicationReads
from jifen_ledger.adapters.reads.quarters import QuarterReads
from jifen_ledger.adapters.reads.registers import RegisterReads, Versions
from jifen_ledger.adapters.reads.registrations import RegistrationReads
from jifen_ledger.adapters.reads.rules import RuleReads
from jifen_ledger.adapters.reads.timelines import TimelineReads
from jifen_ledger.adapters.reads.wallets import WalletReads
from jifen_ledger.adapters.tables import log_head
from jifen_ledger.domain.registers import Member

STATEMENT_TIMEOUT_MS = 30_000

SCHEME = sa.bindparam("scheme", type_=sa.Text)
HEAD = (
    sa.select(log_head.c.size, log_head.c.generation, directory_revision.c.revision)
    .select_from(
        log_head.outerjoin(directory_revision, directory_revision.c.scheme == log_head.c.scheme)
    )
    .where(log_head.c.scheme == SCHEME)
)
# A setting of the transaction: it ends with it.
LIMIT_TIME = sa.select(
    sa.func.set_config("statement_timeout", str(STATEMENT_TIMEOUT_MS), sa.true())
)


@dataclass(frozen=True, slots=True)
class Moment:
    """How far the ledger and the directory had come, and which generation it was."""

    size: int
    generation: int
    revision: int


class Snapshot(
    RuleReads,
    JournalReads,
    PatternReads,
    ClaimReads,
    AssessmentReads,
    FigureReads,
    AccountReads,
    CountedBoardReads,
    BulletinReads,
    PublicationReads,
    QuarterReads,
    JudgementReads,
    DirectoryReads,
    LedgerReads,
    WalletReads,
    ConcernReads,
    ConcernFigureReads,
    PrivatePartReads,
    LogReads,
    TimelineReads,
    RegistrationReads,
):
    """Every read of one scheme, on one connection.

    `at` is the seq of the last record known, None for all there are; `as_of` the last day whose
    deeds count, None for every day.
    """

    at: int | None = None
    as_of: date | None = None

    def __init__(
        self,
        connection: AsyncConnection,
        scheme: str,
        moment: Moment,
        versions: Versions,
        counts: Counts,
    ) -> None:
        """Read on a connection whose transaction shows one moment."""
        RegisterReads.__init__(self, connection, scheme, versions)
        self._counts = counts
        self.moment = moment

    def shared(self) -> tuple[AsyncConnection, str, Moment, Versions, Counts]:
        """Return what another snapshot of the same moment reads with."""
        return self._connection, self._scheme, self.moment, self._known, self._counts

    @property
    def present(self) -> Snapshot:
        """The same reads of now: rights rest on them, whatever the moment."""
        return self

    async def member(self, id_: str) -> Member | None:
        """Return the member's time lines."""
        found = await load_members(self._connection, self._scheme, [id_], self.at)
        member = found.get(id_)
        assert member is None or isinstance(member, Member)
        return member


class Snapshots:
    """Opens moments of the schemes in one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Keep what every moment may share: published versions and counted outcomes."""
        self._engine = engine
        self._versions = Versions()
        self._counts = Counts()

    @asynccontextmanager
    async def open(self, scheme: str) -> AsyncIterator[Snapshot | None]:
        """Show the scheme as it is now, until the block ends; None where it has no record."""
        # Statements of one transaction see one moment only at this level.
        level = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(**level)
            await connection.execute(LIMIT_TIME)
            head = (await connection.execute(HEAD, {"scheme": scheme})).one_or_none()
            if head is None:
                yield None
                return
            moment = Moment(head.size, head.generation, head.revision or 0)
            yield Snapshot(connection, scheme, moment, self._versions, self._counts)

    @asynccontextmanager
    async def directory(self, scheme: str) -> AsyncIterator[DirectoryWrites]:
        """Write the directory; the block's end commits."""
        async with self._engine.begin() as connection:
            await connection.execute(LIMIT_TIME)
            yield DirectoryWrites(connection, scheme)

    async def ping(self) -> None:
        """Ask the database anything; raises if it does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(sa.select(1))
