"""Who may be erased, and when a log may say that it follows another (domain.md §2.2)."""

from tests.support.naive.facts import Fact, refuse_if
from tests.support.naive.registers import Registers


def person_erased(registers: Registers, fact: Fact) -> None:
    refuse_if(not registers.is_member(fact["subject"]), "unknown_member")


def check_not_erased(registers: Registers, *members: str | None) -> None:
    erased = {fact["subject"] for fact in registers.said("person.erased")}
    refuse_if(erased & set(members), "erased")


def log_continued(seq: int) -> None:
    refuse_if(seq != 1, "wrong_state")
