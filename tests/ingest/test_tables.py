"""The tables of ingest are complete: scopes, problems, settings of streams, commands."""

from collections.abc import Iterator

import pytest

from jifen_contracts import FOLDED_TYPES
from jifen_contracts.codes import Code
from jifen_contracts.events import EVENT_CLASSES
from jifen_contracts.streams import event_stream, private_stream
from jifen_ingest.__main__ import main
from jifen_ingest.adapters.problems import PROBLEMS, problem_of, refusal_headers
from jifen_ingest.adapters.streams import differences
from jifen_ingest.domain import refusals
from jifen_ingest.domain.refusals import Busy, Refusal, Unauthorised, UnsupportedMedia
from jifen_ingest.domain.scopes import SCOPES_OF_TYPE


def refusal_classes(root: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for kind in root.__subclasses__():
        yield kind
        yield from refusal_classes(kind)


def test_every_type_has_its_scopes() -> None:
    assert set(SCOPES_OF_TYPE) == set(EVENT_CLASSES)
    assert set(SCOPES_OF_TYPE) >= FOLDED_TYPES


def test_every_refusal_has_one_problem() -> None:
    assert {kind.code for kind in refusal_classes()} == set(PROBLEMS) - {Code.NOT_FOUND}


def test_the_tree_of_refusals_is_in_the_modules_docstring() -> None:
    assert [
        kind for kind in refusal_classes() if kind.__name__ not in (refusals.__doc__ or "")
    ] == []


def test_an_unsupported_body_has_a_status_of_its_own() -> None:
    assert problem_of(UnsupportedMedia("text")).status == 415


@pytest.mark.parametrize(
    ("refusal", "headers"),
    [
        (Busy("full"), {"Retry-After": "7"}),
        (Unauthorised("no token"), {"WWW-Authenticate": 'Bearer realm="jifen"'}),
        (UnsupportedMedia("text"), {}),
    ],
)
def test_some_refusals_say_more_in_a_header(refusal: Refusal, headers: dict[str, str]) -> None:
    assert refusal_headers(refusal, retry_after_s=7) == headers


def test_a_stream_protects_events_and_lets_private_parts_be_erased() -> None:
    events = event_stream("plant", replicas=1, erasable=False)
    private = private_stream("plant", replicas=1)

    assert (events["deny_delete"], events["deny_purge"]) == (True, True)
    assert (private["deny_delete"], private["deny_purge"]) == (False, False)


def test_a_difference_names_the_setting_and_both_values() -> None:
    wanted = event_stream("plant", replicas=1, erasable=False)
    found = {**wanted, "discard": "old", "deny_delete": False, "max_consumers": -1}

    assert differences(wanted, found, ignored=frozenset({"deny_delete"})) == [
        'discard is "old" instead of "new"'
    ]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("JIFEN_HTTP_PORT", "99999"),
        ("JIFEN_HTTP_PORT", "http"),
        ("JIFEN_INGEST_BATCH_EVENTS_MAX", "1001"),
        ("JIFEN_INGEST_COMMIT_TIMEOUT_S", "0"),
    ],
)
def test_a_bad_setting_is_refused_by_its_name_in_one_line(
    variable: str,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)

    assert main(["serve"]) == 1
    assert capsys.readouterr().err.startswith(f"jifen-ingest: {variable}: ")


def test_a_token_is_shown_once_with_its_stanza(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "attendance", "--scheme", "plant-2"]) == 0

    shown, _, stanza = capsys.readouterr().out.partition("\n\n")
    assert shown.rpartition(" ")[2] not in stanza
    assert 'scheme = "plant-2"' in stanza


@pytest.mark.parametrize("command", [[], ["serve"], ["scheme"], ["scheme", "create"], ["token"]])
def test_every_command_explains_itself(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])

    assert ended.value.code == 0
    assert "jifen-ingest" in capsys.readouterr().out
