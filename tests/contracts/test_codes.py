"""The codes: spelled like their names, each with one meaning."""

import re

from jifen_contracts import MEANINGS, Code


def test_every_code_has_a_meaning_of_one_sentence() -> None:
    assert list(MEANINGS) == list(Code)
    assert [code for code, meaning in MEANINGS.items() if not meaning.endswith(".")] == []


def test_a_code_is_spelled_like_its_name_and_as_records_allow() -> None:
    assert all(code.value == code.name.lower() for code in Code)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", code) for code in Code)


def test_codes_are_listed_in_order_so_that_a_reader_finds_them() -> None:
    assert [code.value for code in Code] == sorted(Code)
