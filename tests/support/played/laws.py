"""What holds after every step of a play, whatever was done and by whom (domain.md §8.1)."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from jifen_contracts.canonical import decode
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.offers import CANCELLED, OPEN
from jifen_ledger.domain.postings import unit_of_points
from tests.support.naive.effect import points, rewards
from tests.support.people import BRANCH_Y, PANEL_X, PANEL_Y, UPPER, UPPER_TWO
from tests.support.played.plant import PAIR, SPLIT, Plant
from tests.support.played.standing_claims import standing

UPPERS = {UPPER, UPPER_TWO}
# domain.md §5.3; a quarter that is final is revised and stays final.
MOVES = {
    ("open", "preliminary"),
    ("preliminary", "verified"),
    ("preliminary", "open"),
    ("verified", "open"),
    ("verified", "published"),
    ("published", "published"),
    ("published", "final"),
    ("final", "final"),
}


def invariant_20_points_come_from_nowhere_and_go_nowhere(plant: Plant) -> None:
    """Per unit of points all balances sum to zero."""
    totals = Counter[str]()
    for account, balance in plant.balances.items():
        totals[unit_of_points(account)] += balance
    assert not any(totals.values()), totals


def balances_are_the_sums_of_their_postings(plant: Plant) -> None:
    """What the fold keeps of a holder's accounts is what was posted to them."""
    kept = Counter[str]()
    posted = Counter[tuple[str, str]]()
    for (account, _, quarter), amount in plant.moved.items():
        posted[account, quarter] += amount if account.startswith("member:") else 0
    state = plant.state
    for (holder, capacity, quarter), figures in state.figures.rows().items():
        account = f"member:{holder}:{capacity}"
        kept[account] += figures.balance
        posted[account, quarter] -= figures.balance
    for claim in _claims(plant):
        kept[f"member:{claim.holder}:pending"] += claim.pending
    for lot in state.lots.rows().values():
        kept[f"wallet:{lot.holder}" if lot else ""] += lot.left if lot else 0
    for wallet in state.wallets.rows().values():
        kept[f"wallet:{wallet.holder}" if wallet else ""] -= wallet.debt if wallet else 0
    holders = {name: held for name, held in plant.balances.items() if name[:2] in ("me", "wa")}

    assert _some(kept) == _some(holders)
    assert not _some(posted), "by quarter"


def invariant_6_invariant_15_posted_points_are_f_of_the_claims_that_stand(plant: Plant) -> None:
    """Caps by item and quarter, in every capacity, whatever the order was."""
    expected: dict[tuple[str, str, str], int] = {}
    claims = defaultdict(list)
    for claim in _claims(plant):
        claims[claim.holder].append(claim)
    for holder, held in claims.items():
        live = standing(plant.state, held)
        for capacity in ("member", "committee", "unit"):
            for (item, quarter), effect in points(live, capacity).items():
                expected[f"member:{holder}:{capacity}", item, quarter] = effect
        for (item, month), reward in rewards(live).items():
            place = (f"wallet:{holder}", item, _quarter_of(month))
            expected[place] = expected.get(place, 0) + reward
    moved = {key: held for key, held in plant.moved.items() if _is_earned(*key)}

    assert _some(moved) == _some(expected)


def invariant_7_nobody_decides_about_themselves_or_too_near(plant: Plant) -> None:
    """Not the holder, who shared the deed, who was helped, nor a declared pair."""
    for claim in _claims(plant):
        # Before anybody verified it, only its holder takes a claim back.
        ended = claim.ended_by if claim.verified_seq else ()
        first, last = set(claim.preliminary_deciders), {*claim.verified_deciders, *ended}
        near = set(SPLIT) if claim.project else set()
        near |= {PAIR[0]} if claim.holder == PAIR[1] and claim.branch != BRANCH_Y else set()
        assert not (first | last) & ({claim.holder} | near), claim
        assert not last & set(claim.counterpart), claim
        assert not first & set(claim.verified_deciders), claim
        for deciders in (claim.verified_deciders, ended):
            assert not deciders or _is_quorum(deciders), claim


def _is_quorum(deciders: tuple[str, ...]) -> bool:
    panels = [set(PANEL_X), set(PANEL_Y)]
    by_panel = any(
        set(deciders) <= panel | UPPERS and len(set(deciders)) > len(panel) // 2 for panel in panels
    )
    return set(deciders) <= UPPERS or by_panel


def invariant_9_bulletins_never_change(plant: Plant) -> None:
    """Byte for byte, and their hashes are those of their records."""
    for key, bulletin in plant.state.bulletins.rows().items():
        assert bulletin is not None
        assert plant.published.setdefault(key, bulletin) == bulletin, key
        hashes = (bulletin.content_hash, bulletin.branch_hash)
        sheets = (bulletin.full_sheet, bulletin.branch_sheet)
        assert tuple(sha256(sheet).hexdigest() for sheet in sheets) == hashes, key
        outcome = plant.records[bulletin.seq - plant.records[0].seq].outcome
        assert (outcome.content_hash, outcome.branch_hash) == hashes, key


def invariant_9_lines_are_those_of_their_sheets(plant: Plant) -> None:
    """And after adjustments those of the earlier quarters that a first revision lists."""
    for key, bulletin in plant.state.bulletins.rows().items():
        if bulletin is None or key in plant.read:
            continue
        plant.read.add(key)
        sheet: Any = decode(bulletin.full_sheet)
        own = {(one["holder"], one["capacity"], key[1]) for one in sheet["holders"]}
        listed = {(one["holder"], one["capacity"], one["quarter"]) for one in sheet["adjustments"]}
        lines = {
            (one.holder, one.capacity, one.of_quarter)
            for one in plant.state.published_lines.rows().values()
            if one is not None and (one.branch, one.quarter, one.revision) == key
        }
        assert lines == own | (listed if key[2] == 1 else set()), key


def invariant_8_quarters_move_only_along_their_steps(plant: Plant) -> None:
    """§5.3; the booking is checked for every record."""
    for was, now in plant.steps:
        froze = now[1] - was[1]
        assert (was[0], now[0]) in MOVES, (was, now)
        assert froze == (now[0] == "published" or was[0] == "final"), (was, now)


def invariant_11_wallets_hold_what_their_lots_have_left(plant: Plant) -> None:
    """No lot gives more than it has; nothing is free beside a debt."""
    held, given = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    state = plant.state
    for redemption in state.redemptions.rows().values():
        if redemption is not None and redemption.state != CANCELLED:
            for hold in redemption.holds:
                given[hold.claim, hold.seq] += hold.tenths
                held[hold.claim, hold.seq] += hold.tenths if redemption.state == OPEN else 0
    for lot in state.lots.rows().values():
        assert lot is not None
        assert lot.held == held[lot.key], lot
        assert 0 <= lot.held <= lot.left, lot
        assert given[lot.key] <= lot.amount, lot
    for wallet in state.wallets.rows().values():
        assert wallet is not None
        purse = plant.fold.wallet(wallet.holder, plant.today.isoformat())
        assert not (purse.debt and purse.free), purse


def invariant_1_records_that_closed_hold_nothing(plant: Plant) -> None:
    """Nothing of two records is rewritten: what the closed one had moved to the survivor (E46)."""
    held = {account for account, balance in plant.balances.items() if balance}
    for closed in plant.closed:
        assert not {one for one in held if one.split(":")[1:2] == [closed]}, closed
        assert not [claim.id for claim in _claims(plant) if claim.holder == closed], closed


def _claims(plant: Plant) -> list[Claim]:
    return [claim for claim in plant.state.claims.rows().values() if claim is not None]


def _is_earned(account: str, item: str, quarter: str) -> bool:
    """Whether claims alone move points here: not goods, nor what waits for a decision."""
    return account.startswith(("member:", "wallet:")) and bool(item) and bool(quarter)


def _quarter_of(month: str) -> str:
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def _some(counted: Mapping[Any, int]) -> dict[Any, int]:
    return {key: amount for key, amount in counted.items() if amount}


LAWS = (
    invariant_20_points_come_from_nowhere_and_go_nowhere,
    balances_are_the_sums_of_their_postings,
    invariant_6_invariant_15_posted_points_are_f_of_the_claims_that_stand,
    invariant_7_nobody_decides_about_themselves_or_too_near,
    invariant_9_bulletins_never_change,
    invariant_9_lines_are_those_of_their_sheets,
    invariant_8_quarters_move_only_along_their_steps,
    invariant_11_wallets_hold_what_their_lots_have_left,
    invariant_1_records_that_closed_hold_nothing,
)
