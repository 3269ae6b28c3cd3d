"""Trust policies (C2SP tlog-policy): which witnesses together are enough, and what is no policy."""

from itertools import combinations

import pytest

from jifen_ledger.log.keys import Algorithm, SigningKey, VerifierKey
from jifen_ledger.log.policy import parse_policy
from jifen_ledger.log.verdicts import Malformed

LOG = SigningKey("ledger.example/jifen/plant", b"\x01" * 32).verifier
NAMES = ("X1", "X2", "X3", "Y1", "Y2")
WITNESSES = {
    name: SigningKey(f"{name}.example", bytes([number] * 32), Algorithm.COSIGNATURE).verifier
    for number, name in enumerate(NAMES, start=2)
}
KEYS = "".join(f"witness {name} {key.text}\n" for name, key in WITNESSES.items())
TWO_LEVELS = f"""\
# Two of the first house, and anybody of the second.
\tlog {LOG.text}  https://ledger.example/log

{KEYS}group X-witnesses 2 X1 X2 X3
group Y-witnesses any Y1 Y2
  group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def enough(text: str) -> set[str]:
    """The smallest sets of witnesses that the policy finds enough."""
    rule = parse_policy(text.encode()).enough
    found: list[set[str]] = []
    for number in range(len(NAMES) + 1):
        for names in combinations(NAMES, number):
            keys: set[VerifierKey] = {WITNESSES[name] for name in names}
            if rule(keys) and not any(one <= set(names) for one in found):
                found.append(set(names))
    return {"+".join(sorted(one)) for one in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TWO_LEVELS, {f"X{a}+X{b}+Y{c}" for a, b in ((1, 2), (1, 3), (2, 3)) for c in (1, 2)}),
        (f"{KEYS}quorum Y2\n", {"Y2"}),
        (f"{KEYS}group all 3 X1 X2 X3\nquorum all\n", {"X1+X2+X3"}),
        (f"{KEYS}quorum none\n", {""}),
        ("quorum none", {""}),
    ],
)
def test_the_quorum_is_that_of_the_groups(text: str, expected: set[str]) -> None:
    assert enough(text) == expected


def test_a_policy_names_its_logs_and_witnesses() -> None:
    policy = parse_policy(TWO_LEVELS.encode())

    assert (policy.logs, policy.witnesses) == ((LOG,), tuple(WITNESSES.values()))


X1 = WITNESSES["X1"].text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no quorum"),
        (KEYS, "no quorum"),
        ("quorum none\nquorum none\n", "line 2 .* second quorum"),
        ("quorum X1\n", "X1 is not named above"),
        (f"quorum X1\n{KEYS}", "line 1 .* not named above"),
        (f"{KEYS}group g 2 X1\nquorum g\n", "2 of 1 members"),
        (f"{KEYS}group g 0 X1\nquorum g\n", "0 of 1 members"),
        (f"{KEYS}group g 01 X1\nquorum g\n", "not a number"),
        (f"{KEYS}group g any\nquorum g\n", "words"),
        (f"{KEYS}group g any X1 X1\nquorum g\n", "each member once"),
        (f"{KEYS}group g any none\nquorum g\n", "none is not named above"),
        (f"{KEYS}group g any g\nquorum g\n", "g is not named above"),
        (f"{KEYS}group X1 any X2\nquorum X1\n", "named twice"),
        (f"{KEYS}group none any X2\nquorum none\n", "named twice"),
        (f"witness a {X1}\nwitness b {X1}\nquorum a\n", "there twice"),
        (f"log {LOG.text}\nlog {LOG.text}\nquorum none\n", "there twice"),
        (f"log {X1}\nquorum none\n", "another kind"),
        (f"witness a {LOG.text}\nquorum a\n", "another kind"),
        (f"witness a {X1[:-1]}\nquorum a\n", "line 1"),
        ("witness a\nquorum a\n", "words"),
        ("mirror a\nquorum none\n", "no kind of line"),
        ("quorum none\r\n", "control character"),
        ("quorum\u00a0none\n", "no kind of line"),
    ],
)
def test_what_is_no_policy_is_refused(text: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        parse_policy(text.encode())
