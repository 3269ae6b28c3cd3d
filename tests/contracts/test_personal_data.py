"""Phone and identity numbers in public text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jifen_contracts import canonical, may_hold_personal_data, personal_data_in
from jifen_contracts.personal_data import _NUMBER

# Long runs of digits with the signs that may stand in and around a number.
NUMBER_LIKE = st.lists(
    st.from_regex(r"[0-9]{1,8}", fullmatch=True) | st.sampled_from([*"+()- _a.X", "86", "138"]),
    max_size=8,
).map("".join)
NUMBERS = st.from_regex(_NUMBER, fullmatch=True)


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "call 138-1234-5678 now",
        "138 1234 5678",
        "+86 13812345678",
        "+8613812345678",
        "8613812345678",
        "电话13812345678转二队",
        "１３８１２３４５６７８",
        "tel:13812345678",
        "0993-1234567",
        "010-12345678",
        "01012345678",
        "(0993)1234567",
        "+86-010-87654321",
        "(0993)-1234567",
        "650203198001011234",
        "65020319800101123X",
        "身份证65020319800101123x",
        "650203800101123",
    ],
)
def test_a_phone_or_identity_number_of_its_own_is_found(text: str) -> None:
    assert personal_data_in({"data": {"note": text}}) == "data.note"


@pytest.mark.parametrize(
    "text",
    [
        "m13812345678",
        "m-13812345678",
        "13812345678-a",
        "c_13812345678",
        "a650203198001011234f",
        "138123456789",
        "1381234567",
        "12345678901",
        "6502031980010112345",
        "2023-07-12T08:41:03.120Z",
        "2023-07-12",
        "5f1c13812345678abc",
        "0" * 64,
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "100000.5",
        "",
    ],
)
def test_digits_of_an_id_hash_or_date_are_none(text: str) -> None:
    assert personal_data_in({"subject": text}) is None


def test_the_place_is_named_and_the_number_is_not() -> None:
    event = {"id": "a1", "data": {"stages": [{"name_zh": "一"}, {"name_zh": "找13812345678"}]}}

    assert personal_data_in(event) == "data.stages.1.name_zh"


def test_the_private_part_may_hold_what_can_be_erased() -> None:
    assert personal_data_in({"data": {"private": {"text": "13812345678"}, "claim": "c-1"}}) is None


@given(
    st.tuples(NUMBER_LIKE, st.text(max_size=2), NUMBERS | NUMBER_LIKE, st.text(max_size=2)).map(
        "".join
    )
)
@example("\n13812345678")
@example('"13812345678\\')
@example("１３８１２３４５６７８")
def test_the_quick_look_at_the_bytes_hides_no_number_from_the_search(text: str) -> None:
    event = {"before": "a-1", "note": text.replace("\0", ""), "behind": "1-a"}

    assert personal_data_in(event) is None or may_hold_personal_data(canonical(event))


def test_the_quick_look_passes_over_ids_dates_and_hashes() -> None:
    event = {"id": "e-2025-00012345", "time": "2023-07-12T08:41:03.120Z", "sha256": "0" * 64}

    assert not may_hold_personal_data(canonical(event))
