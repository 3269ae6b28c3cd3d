"""A quarter from open to final through the doors, with an objection that was upheld."""

import pytest

from tests.end_to_end.plant import Plant
from tests.support.bulletins import anna_s_quarter, corrected, published
from tests.support.people import ANNA, BRANCH_X, PANEL_X
from tests.support.quarters import advanced, objected

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUARTER = "2023-Q3"
BULLETIN = f"/branches/{BRANCH_X}/bulletins/{QUARTER}"


async def test_an_upheld_objection_leads_to_a_correction_and_a_new_revision(plant: Plant) -> None:
    """F08, X01, X02."""
    told = [*anna_s_quarter(), *published(stated=[ANNA]), *corrected()]
    outcomes = await plant.recorded(told)
    assert not any(one["code"] for one in outcomes), outcomes
    too_late = await plant.recorded([objected("ob-2", unit=BRANCH_X, recorded="2023-10-18")])
    early = await plant.recorded([advanced("final", revision=1, recorded="2023-10-19")])
    await plant.recorded([advanced("final", revision=2, recorded="2023-10-20")])

    first, second = [await plant.get(BULLETIN, revision=revision) for revision in (1, 2)]
    changes = [
        (one["figure"], one["old"], one["new"])
        for one in second["content"]["differences"]
        if one.get("holder") == ANNA
    ]
    answer = await plant.get("/objections/ob-1")
    quarters = await plant.get(f"/branches/{BRANCH_X}/quarters", year="2023")
    q3 = quarters["quarters"][2]

    assert ("deductions", 20, 0) in changes
    assert ("score", 883, 903) in changes
    assert first["hash"] != second["hash"]
    assert (answer["decision"], answer["reason"]) == ("upheld", "wrong_list")
    assert [too_late[0]["code"], early[0]["code"]] == ["window_closed", "revision_not_next"]
    assert (q3["state"], q3["revision"], q3["steps"][-2]["by"]) == ("final", 2, PANEL_X[0])
