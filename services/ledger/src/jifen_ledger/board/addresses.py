"""The addresses of the pages: the only place that spells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

ROOT: Final = "/board"


def home(scheme: str) -> str:
    """Return the first page of a scheme."""
    return f"{ROOT}/{scheme}/"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The pages of one scheme; templates ask for them by name.

    Who opened a page as it was at a moment stays there: every address repeats `known_at` and
    `as_of`.
    """

    scheme: str
    known_at: str | None = None
    as_of: str | None = None

    def plant(self, period: str | None = None, capacity: str | None = None) -> str:
        return self._to("", period=period, capacity=capacity)

    def unit(self, unit: str, period: str | None = None) -> str:
        # The root is the scheme itself, whether or not it was registered as a unit.
        if unit == self.scheme:
            return self.plant(period)
        return self._to(f"units/{unit}", period=period)

    def mean(self, unit: str, capacity: str, period: str) -> str:
        return self._to(f"units/{unit}/mean", capacity=capacity, period=period)

    def ranking(
        self,
        unit: str,
        capacity: str,
        period: str,
        category: str | None = None,
        cursor: str | None = None,
    ) -> str:
        return self._to(
            f"units/{unit}/ranking",
            capacity=capacity,
            period=period,
            category=category,
            cursor=cursor,
        )

    def bulletin(self, branch: str, quarter: str, revision: int | None = None) -> str:
        return self._to(f"units/{branch}/bulletins/{quarter}", revision=revision)

    def bulletin_csv(self, branch: str, quarter: str, revision: int) -> str:
        return self._to(f"units/{branch}/bulletins/{quarter}.csv", revision=revision)

    def bulletin_bytes(self, branch: str, quarter: str, revision: int) -> str:
        return self._to(f"units/{branch}/bulletins/{quarter}.json", revision=revision)

    def inbox(self, branch: str, cursor: str | None = None) -> str:
        return self._to(f"units/{branch}/inbox", cursor=cursor)

    def objections(self, branch: str, quarter: str) -> str:
        return self._to(f"units/{branch}/objections/{quarter}")

    def grades(self, branch: str, year: str) -> str:
        return self._to(f"units/{branch}/grades/{year}")

    def missing(self, branch: str, quarter: str) -> str:
        return self._to(f"units/{branch}/missing/{quarter}")

    def rechecks(self, branch: str, quarter: str) -> str:
        return self._to(f"units/{branch}/rechecks/{quarter}")

    def awards(
        self, unit: str | None = None, kind: str | None = None, cursor: str | None = None
    ) -> str:
        return self._to("awards", unit=unit, kind=kind, cursor=cursor)

    def assessments(self, branch: str, month: str) -> str:
        return self._to(f"units/{branch}/assessments/{month}")

    def person(self, member: str, year: str | None = None) -> str:
        return self._to(f"people/{member}", year=year)

    def sheet(self, holder: str, period: str) -> str:
        return self._to(f"people/{holder}/sheet/{period}")

    def sheet_csv(self, holder: str, period: str) -> str:
        return self._to(f"people/{holder}/sheet/{period}.csv")

    def form(self, holder: str, month: str) -> str:
        return self._to(f"people/{holder}/form/{month}")

    def form_csv(self, holder: str, month: str) -> str:
        return self._to(f"people/{holder}/form/{month}.csv")

    def statement(self, holder: str, capacity: str, cursor: str | None = None) -> str:
        return self._to(f"people/{holder}/statement", capacity=capacity, cursor=cursor)

    def wallet(self, member: str) -> str:
        return self._to(f"people/{member}/wallet")

    def why(self, holder: str, capacity: str, period: str, item: str | None = None) -> str:
        mark = "" if item is None else f"#item-{item}"
        return self._to("why", holder=holder, capacity=capacity, period=period) + mark

    def posting(self, seq: int, ordinal: int) -> str:
        return self._to(f"postings/{seq}/{ordinal}")

    def record(self, seq: int) -> str:
        return self._to(f"records/{seq}")

    def claim(self, claim: str) -> str:
        return self._to(f"claims/{claim}")

    def concern(self, concern: str) -> str:
        return self._to(f"concerns/{concern}")

    def concerns(
        self,
        unit: str | None = None,
        state: str | None = None,
        overdue: str | None = None,
        cursor: str | None = None,
    ) -> str:
        return self._to("concerns", unit=unit, state=state, overdue=overdue, cursor=cursor)

    def offers(self, cursor: str | None = None) -> str:
        return self._to("offers", cursor=cursor)

    def evidence(self, sha256: str) -> str:
        return self._to(f"evidence/{sha256}")

    def rules(self) -> str:
        return self._to("scheme")

    def differences(self, old: int, new: int) -> str:
        return self._to("scheme/differences", **{"from": old, "to": new})

    def simulation(self) -> str:
        return self._to("scheme/simulation")

    def item(self, code: str) -> str:
        return f"{self.rules()}#item-{code}"

    def _to(self, path: str, **query: object) -> str:
        moment = {"known_at": self.known_at, "as_of": self.as_of}
        given = {name: value for name, value in (query | moment).items() if value is not None}
        asked = f"?{urlencode(given)}" if given else ""
        return f"{home(self.scheme)}{quote(path)}{asked}"
