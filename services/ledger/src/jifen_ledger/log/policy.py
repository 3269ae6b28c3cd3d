"""Trust policies: whose signatures make a checkpoint good (C2SP tlog-policy)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple

from jifen_ledger.log.encodings import decimal
from jifen_ledger.log.keys import Algorithm, VerifierKey, parse_vkey
from jifen_ledger.log.verdicts import Malformed

POLICY_BYTES_MAX: Final = 1_000_000
NONE: Final = "none"

_TAB, _NEWLINE, _SPACE, _DELETE = 0x09, 0x0A, 0x20, 0x7F

# Tells whether those who have cosigned are enough.
Rule = Callable[[Collection[VerifierKey]], bool]


class Policy(NamedTuple):
    """The logs and witnesses that a file names, and which witnesses together are enough."""

    logs: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...]
    enough: Rule


def parse_policy(file: bytes) -> Policy:
    """Return the policy of a file. Raises Malformed."""
    if len(file) > POLICY_BYTES_MAX:
        raise Malformed("the policy is longer than 1 MB")
    if any(_is_control(byte) for byte in file):
        raise Malformed("the policy has a control character")
    reading = _Reading()
    # Names are bytes to the format; every byte above ASCII stands for itself here.
    for number, line in enumerate(file.decode("utf-8", "surrogateescape").split("\n"), start=1):
        words = line.replace("\t", " ").split(" ")
        items = [word for word in words if word]
        if not items or items[0].startswith("#"):
            continue
        try:
            reading.take(items)
        except Malformed as error:
            raise Malformed(f"line {number} of the policy: {error}") from None
    return reading.policy()


class _Reading:
    """The lines read so far; each may name only what stands above it."""

    def __init__(self) -> None:
        self._logs: list[VerifierKey] = []
        self._witnesses: list[VerifierKey] = []
        self._rules: dict[str, Rule] = {}
        self._quorum: Rule | None = None
        self._kinds: Mapping[str, Callable[[list[str]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._one_quorum,
        }

    def take(self, items: list[str]) -> None:
        kind, *rest = items
        if kind not in self._kinds:
            raise Malformed(f"{kind} is no kind of line")
        self._kinds[kind](rest)

    def policy(self) -> Policy:
        if self._quorum is None:
            raise Malformed("the policy has no quorum")
        return Policy(tuple(self._logs), tuple(self._witnesses), self._quorum)

    def _log(self, rest: list[str]) -> None:
        _check_length(rest, 1, 2)
        self._logs.append(_key(rest[0], Algorithm.LOG, self._logs))

    def _witness(self, rest: list[str]) -> None:
        _check_length(rest, 2, 3)
        key = _key(rest[1], Algorithm.COSIGNATURE, self._witnesses)
        self._name(rest[0], lambda cosigned: key in cosigned)
        self._witnesses.append(key)

    def _group(self, rest: list[str]) -> None:
        _check_length(rest, 3, None)
        name, least, *members = rest
        if len(set(members)) < len(members):
            raise Malformed("a group names each member once")
        rules = [self._rule(member) for member in members]
        number = {"any": 1, "all": len(rules)}.get(least)
        number = decimal(least) if number is None else number
        if not 1 <= number <= len(rules):
            raise Malformed(f"{number} of {len(rules)} members")
        self._name(name, lambda cosigned: sum(rule(cosigned) for rule in rules) >= number)

    def _one_quorum(self, rest: list[str]) -> None:
        _check_length(rest, 1, 1)
        if self._quorum is not None:
            raise Malformed("a second quorum")
        self._quorum = (lambda _: True) if rest[0] == NONE else self._rule(rest[0])

    def _rule(self, name: str) -> Rule:
        if name not in self._rules:
            raise Malformed(f"{name} is not named above")
        return self._rules[name]

    def _name(self, name: str, rule: Rule) -> None:
        if name in self._rules or name == NONE:
            raise Malformed(f"{name} is named twice")
        self._rules[name] = rule


def _key(text: str, algorithm: Algorithm, known: Collection[VerifierKey]) -> VerifierKey:
    key = parse_vkey(text)
    if key.algorithm is not algorithm:
        raise Malformed("a key of another kind: logs and witnesses have own")
    if any(key.public == one.public for one in known):
        raise Malformed(f"the key of {key.name} is there twice")
    return key


def _check_length(items: Collection[str], least: int, most: int | None) -> None:
    if len(items) < least or (most is not None and len(items) > most):
        raise Malformed(f"{len(items)} words after the first")


def _is_control(byte: int) -> bool:
    return byte == _DELETE or (byte < _SPACE and byte not in (_TAB, _NEWLINE))
