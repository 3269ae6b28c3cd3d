"""Auditors and members demand the signatures of others: in bundle, export and receipt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jifen_ledger.__main__ import main
from jifen_ledger.log.keys import Algorithm, SigningKey
from tests.ledger.log.vectors import MINI_LOG, VECTORS, WITNESS
from tests.support.audited import Audit, Signed, auditing, cosign, make_bundle, signed_world
from tests.support.people import SCHEME
from tests.support.signing import refused

FIRST, THEN = refused(3), refused(2, "n")
SIZE = len(FIRST) + len(THEN)
COSIGNED_S = 1_800_000_000
ONE, TWO, STRANGER = (
    SigningKey(f"witness.example/{name}", bytes([number] * 32), Algorithm.COSIGNATURE)
    for number, name in enumerate(("one", "two", "stranger"), start=1)
)
BOTH = "witness.example/one, witness.example/two"
KEYS = "".join(f"witness {key.verifier.name} {key.verifier.text}\n" for key in (ONE, TWO, STRANGER))


@pytest.fixture(scope="module")
def signed(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Signed]:
    """A log of five records, whose newest checkpoint two witnesses have cosigned."""
    directory = tmp_path_factory.mktemp("witnessed")
    with signed_world(postgres_url, migrated_template, directory, FIRST, THEN) as one:
        for key in (ONE, TWO):
            cosign(one, SIZE, key, COSIGNED_S)
        yield one


@pytest.fixture(scope="module")
def bundle(signed: Signed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(signed, tmp_path_factory.mktemp("bundle") / "bundle")


@pytest.fixture
def audit(capsys: pytest.CaptureFixture[str]) -> Audit:
    return auditing(capsys)


def policy_in(directory: Path, quorum: str, log: str = "") -> Path:
    file = directory / "policy"
    file.write_text(f"{log}{KEYS}{quorum}\n")
    return file


def witnesses(*keys: SigningKey) -> list[str]:
    return [part for key in keys for part in ("--witness", key.verifier.text)]


@pytest.mark.parametrize(
    ("keys", "quorum", "last"),
    [
        ((ONE, TWO), 2, "all good"),
        ((ONE, STRANGER), 1, "all good"),
        ((ONE, STRANGER), 2, "FAILED: checkpoint: 1 witnesses have cosigned, not 2"),
        ((STRANGER,), 1, "FAILED: checkpoint: 0 witnesses have cosigned, not 1"),
    ],
)
def test_so_many_of_the_witnesses_named_must_have_cosigned(
    audit: Audit, signed: Signed, bundle: Path, keys: tuple[SigningKey, ...], quorum: int, last: str
) -> None:
    said = audit(
        "verify", "--dir", bundle, "--vkey", signed.vkey, *witnesses(*keys), "--quorum", quorum
    )

    assert (said.status, said.last) == (int(last != "all good"), last)


@pytest.mark.parametrize(
    ("quorum", "last"),
    [
        ("quorum witness.example/two", "all good"),
        ("group g 2 witness.example/one witness.example/two\nquorum g", "all good"),
        ("quorum none", "all good"),
        (
            "group g all witness.example/one witness.example/stranger\nquorum g",
            f"FAILED: checkpoint: cosigned by {BOTH}; the policy wants more",
        ),
    ],
)
def test_a_policy_says_which_witnesses_are_enough(
    audit: Audit, signed: Signed, bundle: Path, tmp_path: Path, quorum: str, last: str
) -> None:
    policy = policy_in(tmp_path, quorum, f"log {signed.vkey}\n")
    said = audit("verify", "--dir", bundle, "--policy", policy)

    assert (said.status, said.last) == (int(last != "all good"), last)


def test_without_the_logs_key_or_with_a_wrong_policy_it_is_wrong_use(
    audit: Audit, signed: Signed, bundle: Path, tmp_path: Path
) -> None:
    nameless = policy_in(tmp_path, "quorum none")
    told = [
        audit("verify", "--dir", bundle, "--policy", nameless),
        audit("verify", "--dir", bundle, "--policy", nameless, "--vkey", signed.vkey),
        audit("verify", "--dir", bundle, "--policy", policy_in(tmp_path, "quorum nobody")),
        audit("verify", "--dir", bundle),
    ]

    assert [one.status for one in told] == [2, 0, 2, 2]


def test_an_export_and_a_bundle_have_the_cosignatures_and_the_witnesses_keys(
    signed: Signed, audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = ",".join(f"{key.verifier.text} http://127.0.0.1:1" for key in (ONE, TWO))
    settings = {
        "DATABASE_URL": signed.url,
        "LOG_ORIGIN": "ledger.example/jifen",
        "LOG_KEY_DIR": str(signed.directory / "keys"),
        "LOG_ANCHOR_DIR": str(signed.directory / "anchors"),
        "LOG_WITNESSES": named,
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"JIFEN_{name}", value)
    export, made = tmp_path / "export", tmp_path / "made"
    statuses = [
        main(["log", "export", SCHEME, "--out", str(export)]),
        main(["audit", "bundle", "--scheme", SCHEME, "--out", str(made)]),
    ]
    asked = ["--vkey", signed.vkey, *witnesses(ONE, TWO), "--quorum", "2", "--json"]
    said = [audit("verify", "--dir", place, *asked).object for place in (export, made)]

    assert statuses == [0, 0]
    assert [(one["witnesses"], one["lateness_s"]) for one in said] == [(2, 0), (2, 0)]
    vkeys = (made / "vkeys").read_text().splitlines()
    assert vkeys == [signed.vkey, ONE.verifier.text, TWO.verifier.text]


def test_a_receipt_is_good_only_with_the_signatures_that_its_holder_demands(
    audit: Audit, tmp_path: Path
) -> None:
    file = tmp_path / "receipt"
    file.write_text(VECTORS["mini_receipt"])
    own = ["receipt", file, "--vkey", MINI_LOG.verifier.text]
    told = [
        audit(*own, *witnesses(WITNESS), "--quorum", 1, "--json"),
        audit(*own, *witnesses(STRANGER), "--quorum", 1),
        audit(*own, "--policy", policy_in(tmp_path, "quorum witness.example/one")),
    ]

    assert [one.status for one in told] == [0, 1, 1]
    assert told[0].object["witnesses"] == 1
    assert told[2].last == f"FAILED: {file}: cosigned by nobody; the policy wants more"
