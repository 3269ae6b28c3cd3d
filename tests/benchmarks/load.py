"""Events for benchmarks: many members of one branch, each with claims of every kind."""

from collections.abc import Iterator

from tests.support import builders as build

# (item, measure builder) in turn; what the reviewers of branch X can decide.
KINDS = ("D03", "B01", "C09", "B02", "C01", "D03", "B03", "C08", "D03", "B05")
MONTHS = ("2023-07", "2023-08", "2023-09")


def member(number: int) -> str:
    return f"m-bench-{number:06d}"


def membership(members: int) -> Iterator[bytes]:
    """The small world, and members of branch X."""
    yield from build.world()
    for number in range(members):
        yield build.enrolled(member(number))
        yield build.assigned(member(number))


def months_of_claims(members: int, claims: int) -> Iterator[bytes]:
    """For each month, what its members claim, and then what people decide."""
    for turn in range(claims):
        decided = [_decided(number, turn) for number in range(members)]
        for step in range(3):
            for life in decided:
                yield life[step]


def _decided(number: int, turn: int) -> list[bytes]:
    item, month = KINDS[turn % len(KINDS)], MONTHS[turn // len(KINDS) % len(MONTHS)]
    claim, holder = f"c-{turn:04d}-{number:06d}", member(number)
    if item[0] == "B" or item in ("C01", "C08"):
        return build.decided(build.fact(claim, item, holder, period=month))
    day = f"{month}-{1 + turn % 27:02d}"
    if item == "C09":
        return build.decided(
            build.earned(claim, item, holder, member=build.tier("general"), on=day)
        )
    return build.decided(build.earned(claim, item, holder, on=day))
