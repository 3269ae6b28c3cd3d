"""The golden examples of domain.md §9, asked of the fold and of the naive model."""

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import pytest

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from jifen_ledger.domain.postings import unit_of_points
from tests.support.builders import (
    assigned,
    changed,
    count,
    decided,
    deduction,
    earned,
    fact,
    panel,
    preliminary,
    published,
    reversal,
    shares,
    tier,
    verified,
    world,
)
from tests.support.ledgers import Ledger, started
from tests.support.naive import NaiveRecord
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    PANEL_X,
    PANEL_Y,
    QUORUM,
    SCHEME,
    SECRETARY_Y,
    SPECIALIST,
    UPPER,
)

Q2, Q3 = "2023-Q2", "2023-Q3"
MONTHS = ("2023-07", "2023-08", "2023-09")


def all_decided(ledger: Ledger, *claims: bytes) -> list[NaiveRecord]:
    """The last record of each claim, once it was reviewed twice."""
    return [taken(ledger, decided(claim))[-1] for claim in claims]


def posted(record: NaiveRecord, account: str) -> list[dict[str, Any]]:
    """What the record says of one account, without its name."""
    here = [posting for posting in record.postings if posting["account"] == account]
    return [{key: posting[key] for key in posting if key != "account"} for posting in here]


def trial(ledger: Ledger) -> tuple[int, int]:
    """The sums of all balances: assessment points, incentive points."""
    balances = ledger.balances()
    whole = sum(balances.values())
    rewards = sum(balances[name] for name in balances if unit_of_points(name) == "inc")
    return whole - rewards, rewards


def snap(number: int) -> bytes:
    return earned(f"c-{number}", "D03", on=f"2023-07-1{number}")


def test_g2_a_capped_item_shows_its_effects_and_reversals_free_the_headroom(
    ledger: Ledger,
) -> None:
    effects = all_decided(ledger, *(snap(number) for number in (1, 2, 3, 4)))
    points = [
        sum(line["delta"] for line in posted(record, f"member:{ANNA}:member")) for record in effects
    ]
    wallets = [ledger.balances()[f"wallet:{ANNA}"]]
    second = ledger.receive(reversal("c-2"))
    wallets.append(ledger.balances()[f"wallet:{ANNA}"])
    third = ledger.receive(reversal("c-3"))
    wallets.append(ledger.balances()[f"wallet:{ANNA}"])

    assert points == [5, 5, 5, 0]
    assert effects[3].notices == ("capped",)
    assert wallets == [200, 150, 100]
    assert (second.status, second.notices) == ("posted", ("released",))
    assert posted(second, f"member:{ANNA}:member") == []
    assert posted(third, f"member:{ANNA}:member") == [{"delta": -5, "kind": "reversal"}]
    assert ledger.balances()[f"member:{ANNA}:member"] == 10


def interleavings() -> Iterator[tuple[str, ...]]:
    """All orders of four verifications and two reversals that follow their targets."""
    for order in permutations(("v1", "v2", "v3", "v4", "r2", "r3")):
        if order.index("v2") < order.index("r2") and order.index("v3") < order.index("r3"):
            yield order


def test_g3_every_order_of_decisions_gives_the_same_balances(kind: str) -> None:
    ready = started(kind)
    for number in (1, 2, 3, 4):
        taken(ready, decided(snap(number))[:2])
    steps = {f"v{number}": verified(f"c-{number}") for number in (1, 2, 3, 4)}
    steps |= {f"r{number}": reversal(f"c-{number}") for number in (2, 3)}
    ends = set()
    for order in interleavings():
        ledger = ready.fork()
        taken(ledger, (steps[step] for step in order))
        balances = ledger.balances()
        ends.add((balances[f"member:{ANNA}:member"], balances[f"wallet:{ANNA}"], trial(ledger)))

    assert ends == {(10, 100, (0, 0))}


@pytest.mark.parametrize(
    ("item", "required", "excused", "done", "expected"),
    [("B01", 5, 1, 3, (30, 40)), ("B01", 3, 0, 2, (27, 40)), ("B01", 2, 2, 0, (0, 0))],
)
def test_g4_a_ratio_is_the_rounded_part_of_what_was_not_excused(
    ledger: Ledger,
    item: str,
    required: int,
    excused: int,
    done: int,
    expected: tuple[int, int],
) -> None:
    all_decided(ledger, fact("c-1", item, required=required, excused=excused, done=done))

    assert ledger.scores(ANNA, "member", Q3)[:2] == expected


def test_g4_a_ratio_of_a_quarter_line_has_the_quarters_maximum(
    empty_ledger: Callable[[], Ledger],
) -> None:
    document = document_object(default_document())
    line = next(item for item in document["items"] if item["code"] == "B01")["lines"]["member"]
    line |= {"max": "12", "per": "quarter"}
    ledger = empty_ledger()
    taken(ledger, [published(document=document), *world()[1:]])
    all_decided(ledger, fact("c-1", required=5, excused=1, done=3, period=Q3))

    assert ledger.scores(ANNA, "member", Q3)[:2] == (90, 120)


def base_facts(holder: str, capacity: str, items: tuple[str, ...], **measure: int) -> list[bytes]:
    return [
        fact(f"c-{item}-{month}".lower(), item, holder, capacity=capacity, period=month, **measure)
        for item in items
        for month in MONTHS
    ]


def test_g5_base_bonus_and_deductions_make_the_score(ledger: Ledger) -> None:
    duties = base_facts(ANNA, "member", ("B01", "B02", "B03", "B05", "C05", "C08"))
    tasks = base_facts(ANNA, "member", ("C01",))[1:]
    undone = fact("c-undone", "C01", done=0, period="2023-07")
    bonus = [
        earned("c-contest", "C07", member=tier("company")),
        earned("c-skill", "C04", member=tier("plant-1")),
        earned("c-hours", "D04", member=count(4), counterpart=[BO]),
        snap(1),
    ]
    all_decided(ledger, *duties, *tasks, undone, *bonus, deduction("c-absent"))

    assert ledger.scores(ANNA, "member", Q3) == (540, 570, 135, 0, 20, 883)


def test_g6_a_bonus_above_twenty_goes_back_as_excess(ledger: Ledger) -> None:
    items = ("B01", "B02", "B03", "B05", "C01", "C05", "C08")
    bonus = [
        earned("c-contest", "C07", member=tier("company")),
        earned("c-skill", "C04", member=tier("nation-1")),
        earned("c-hours", "D04", member=count(4), counterpart=[BO]),
        snap(1),
        snap(2),
    ]
    last = all_decided(ledger, *base_facts(ANNA, "member", items), *bonus)[-1]

    assert ledger.scores(ANNA, "member", Q3) == (570, 570, 200, 60, 0, 1000)
    assert ledger.balances()["issue:bonus"] == 60
    assert posted(last, f"member:{ANNA}:member") == [
        {"delta": -5, "kind": "absorb", "item": "bonus"},
        {"delta": 5, "kind": "award"},
    ]
    assert last.notices == ("capped",)


def test_g7_deductions_beyond_the_reserve_lower_the_score_further(ledger: Ledger) -> None:
    items = ("A01", "A02", "A03", "A05", "A06")
    facts = base_facts(COMMITTEE, "committee", items, required=5, done=4)
    drills = [
        earned(f"c-drill-{month}", "C08", COMMITTEE, committee=count(), on=f"{month}-11")
        for month in MONTHS
    ]
    findings = (
        ("A07", "false-record"),
        ("A07", "false-record"),
        ("C11", "accident"),
        ("C11", "accident"),
        ("D07", "falsified"),
    )
    deductions = [
        deduction(f"c-finding-{number}", item, COMMITTEE, committee=tier(key))
        for number, (item, key) in enumerate(findings)
    ]
    all_decided(ledger, *facts, *drills, *deductions)

    assert ledger.scores(COMMITTEE, "committee", Q3) == (480, 600, 30, 0, 250, 460)


def test_g10_what_a_cap_cuts_from_a_share_goes_to_nobody(ledger: Ledger) -> None:
    weights = {ANNA: 50, BO: 30, CHEN: 20}
    taken(ledger, [shares("pj-1", weights)])
    claims = [
        earned(f"c-{who}", "C06", who, member={}, deed="wax", project="pj-1") for who in weights
    ]
    raw = [ledger.receive(claim).postings[-1]["delta"] for claim in claims]
    for claim in claims:
        taken(ledger, decided(claim)[1:])
    refused = ledger.receive(shares("pj-2", {ANNA: 60, BO: 40}))

    assert raw == [150, 90, 60]
    assert [ledger.balances()[f"member:{who}:member"] for who in weights] == [120, 90, 60]
    assert ledger.balances()["issue:C06"] == -270
    assert refused.code == "share_too_large"


def test_g13_a_mover_keeps_one_quarter_and_each_deed_its_own_branch(ledger: Ledger) -> None:
    mover = ANNA
    moved = [
        assigned(mover, "member", BRANCH_X, to="2023-08-15", recorded="2023-08-14"),
        assigned(mover, "member", BRANCH_Y, since="2023-08-15", recorded="2023-08-14"),
    ]
    early = earned("c-1", "D05", on="2023-08-10", member=count())
    late = earned("c-2", "D05", on="2023-08-20", member=count())
    taken(ledger, [*moved, *decided(early), late])
    by_old_branch = ledger.receive(preliminary("c-2", recorded="2023-09-04"))
    by_new = [
        preliminary("c-2", deciders=(SECRETARY_Y,), recorded="2023-09-04"),
        verified("c-2", deciders=PANEL_Y[:2], recorded="2023-09-08"),
    ]
    taken(ledger, by_new)

    assert by_old_branch.code == "not_permitted"
    assert ledger.scores(mover, "member", Q3)[2] == 10


def test_g15_a_later_better_result_adds_the_difference_in_either_order(ledger: Ledger) -> None:
    june = earned("c-june", "C04", on="2023-06-15", group="welding", member=tier("plant-1"))
    september = earned("c-sept", "C04", on="2023-09-15", group="welding", member=tier("company-2"))
    other_way = ledger.fork()
    forward = all_decided(ledger, june, september)
    backward = all_decided(other_way, september, june)
    account = f"member:{ANNA}:member"

    assert [posted(record, account) for record in forward] == [
        [{"delta": 30, "kind": "award"}],
        [{"delta": 20, "kind": "award"}],
    ]
    assert forward[1].notices == ("stacked",)
    assert [posted(record, account) for record in backward] == [
        [{"delta": 50, "kind": "award"}],
        [{"delta": -30, "kind": "absorb", "quarter": Q3}, {"delta": 30, "kind": "award"}],
    ]
    assert [ledger.scores(ANNA, "member", quarter)[2] for quarter in (Q2, Q3)] == [30, 20]
    assert ledger.balances() == other_way.balances()


def test_g16_both_capacities_of_one_deed_are_posted_in_one_record(ledger: Ledger) -> None:
    taken(ledger, [assigned(COMMITTEE, "helper", SCHEME, of=[BO, CHEN])])
    claim = earned(
        "c-1", "C02", COMMITTEE, member=count(2), committee=count(1), counterpart=[BO, CHEN]
    )
    (record,) = all_decided(ledger, claim)

    assert record.postings == (
        {"account": f"member:{COMMITTEE}:pending", "delta": -30},
        {"account": f"member:{COMMITTEE}:committee", "delta": 10, "kind": "award"},
        {"account": f"member:{COMMITTEE}:member", "delta": 20, "kind": "award"},
    )


def test_g18_a_together_item_takes_effect_in_both_capacities_or_in_none(
    ledger: Ledger,
) -> None:
    one = ledger.receive(earned("c-a", "D05", COMMITTEE, member=count()))
    (both,) = all_decided(
        ledger, earned("c-b", "D05", COMMITTEE, member=count(), committee=count())
    )
    plain = ledger.receive(earned("c-c", "D05", ANNA, member=count(), committee=count()))
    back = ledger.receive(reversal("c-b", COMMITTEE))
    accounts = [f"member:{COMMITTEE}:{capacity}" for capacity in ("committee", "member")]

    assert (one.code, plain.code) == ("dual_incomplete", "capacity_not_held")
    assert [posted(both, account) for account in accounts] == [[{"delta": 5, "kind": "award"}]] * 2
    assert [posted(back, account) for account in accounts] == [
        [{"delta": -5, "kind": "reversal"}]
    ] * 2


def test_g21_only_the_right_people_in_sufficient_number_decide(ledger: Ledger) -> None:
    pairs = [(PANEL_X[0], ANNA), (PANEL_X[1], ANNA)]
    taken(ledger, [panel(recusals=pairs, name="pl-9"), shares("pj-1", {ANNA: 50, PANEL_X[4]: 50})])
    taken(
        ledger,
        [
            earned("c-1", "C10", member=tier("adopted"), deed="shelter"),
            earned("c-2", "C06", member={}, project="pj-1"),
            preliminary("c-2", deciders=(UPPER,)),
        ],
    )
    before = ledger.claim("c-1")
    refused = [
        preliminary("c-1", deciders=(ANNA,)),
        verified("c-2", deciders=PANEL_X[2:]),
    ]
    refusals = [ledger.receive(payload).code for payload in refused]
    assert ledger.claim("c-1") == before
    taken(ledger, [preliminary("c-1", deciders=(SPECIALIST,))])
    others = [
        verified("c-1", deciders=QUORUM),
        verified("c-1", deciders=PANEL_X[2:4]),
        verified("c-1", deciders=(*PANEL_X[2:4], SPECIALIST)),
        verified("c-1", deciders=PANEL_X[2:], points={"member": "3"}, reason="more"),
    ]
    refusals += [ledger.receive(payload).code for payload in others]
    last = ledger.receive(verified("c-1", deciders=(*PANEL_X[2:4], UPPER)))

    assert refusals == [
        "self_review",
        "recused",
        "recused",
        "quorum_not_met",
        "same_reviewer",
        "points_too_high",
    ]
    assert last.status == "posted"


def test_g22_a_resend_refers_to_the_first_and_other_content_conflicts(ledger: Ledger) -> None:
    first = earned("c-1", "D04", member=count(1), id="e1")
    posted_first = ledger.receive(first)
    balances = ledger.balances()
    again = ledger.receive(changed(first, nonce="f" * 32, recordedtime="2023-07-13T08:00:00.000Z"))
    other = ledger.receive(earned("c-1", "D04", member=count(2), id="e1"))
    same_deed = ledger.receive(earned("c-2", "D04", deed="deed-c-1", id="e2"))

    assert posted_first.status == "posted"
    assert (again.status, again.refers_to) == ("duplicate", posted_first.seq)
    assert (other.code, other.refers_to) == ("conflicting_duplicate", posted_first.seq)
    assert same_deed.code == "duplicate_deed"
    assert ledger.balances() == balances
