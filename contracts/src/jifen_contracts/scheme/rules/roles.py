"""Rule 6: what units get and who confirms it, what *together* demands, evidence to be given."""

from collections.abc import Iterator

from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.items import Item
from jifen_contracts.scheme.rules.finding import Finding


def check_roles(document: SchemeDocument) -> Iterator[Finding]:
    """Yield what breaks rule 6."""
    for item in document.items:
        for field, message in _broken(item):
            yield Finding(6, f"items.{item.code}.{field}", message)


def _broken(item: Item) -> Iterator[tuple[str, str]]:
    for capacity, line in item.lines.by_capacity().items():
        path = f"lines.{capacity}.confirm"
        if capacity == "unit":
            if item.confirm is not None and (line.confirm or item.confirm) != "upper":
                yield path, "Units are confirmed by upper: say so in the unit line."
            if line.mode == "S":
                yield f"lines.{capacity}.mode", "Shares are of members: give the unit mode E or T."
        elif line.confirm is not None:
            yield path, "Only a unit line names who confirms it: leave it to the item."
    yield from _not_together(item)
    if item.evidence is not None and item.evidence.required and not item.evidence.kinds:
        yield "evidence", "Evidence is required but no kind is accepted: name at least one."


def _not_together(item: Item) -> Iterator[tuple[str, str]]:
    if item.dual != "together":
        return
    committee, member = item.lines.committee, item.lines.member
    if committee is None or member is None:
        yield "dual", "An item for both capacities together needs a committee and a member line."
    elif committee.mode != member.mode:
        modes = f"{committee.mode} and {member.mode}"
        yield "dual", f"Both lines of a together item have the same mode, not {modes}."
