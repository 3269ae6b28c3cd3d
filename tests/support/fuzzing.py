"""Sends what an OpenAPI document allows, and what it does not, and compares the answers with it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok

from tests.support.budget import examples

# The ordinary run only has time for a look at every operation.
EXAMPLES = examples(6, nightly=100)
CALL_S = 30

load_all_checks()
# The document cannot say which cursors were given out, nor what of a well-formed event exists.
ACCEPTANCE: Any = CHECKS.get_one("positive_data_acceptance")
# A batch of too many events breaks its schema and is too large at once.
REJECTIONS = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422"]
CONFIGURATION = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": REJECTIONS}}}
)


def fuzz(
    url: str, token: str, known: Mapping[str, Sequence[str | int]], without: Collection[str] = ()
) -> dict[str, set[int]]:
    """Try every operation of the document; return the statuses that each of them answered.

    `known` has values that exist, by the parameter's name: chance would find none of them.
    """
    document = requests.get(f"{url}/openapi.json", timeout=CALL_S).json()
    schema = schemathesis.openapi.from_dict(_with(document, known), config=CONFIGURATION)
    tried: dict[str, set[int]] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.path in without:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            cases = operation.as_strategy(generation_mode=mode)
            answered = _try(cases, mode, url, {"Authorization": f"Bearer {token}"})
            tried.setdefault(operation.label, set()).update(answered)
    return tried


def _try(
    cases: SearchStrategy[Any], mode: GenerationMode, url: str, headers: dict[str, str]
) -> set[int]:
    answered: set[int] = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def answer(case: Case[Any]) -> None:
        # An empty list or object in a query is sent as nothing at all, and breaks no schema then.
        assume(all(value not in ([], {}) for value in (case.query or {}).values()))
        response = case.call_and_validate(
            base_url=url, headers=headers, excluded_checks=[ACCEPTANCE], timeout=CALL_S
        )
        answered.add(response.status_code)

    try:
        answer()
    except Unsatisfiable:
        # Nothing can be wrong with a request that has no parameters and no body.
        assert mode is GenerationMode.NEGATIVE
    return answered


def _with(document: dict[str, Any], known: Mapping[str, Sequence[str | int]]) -> dict[str, Any]:
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in known:
                    parameter["schema"] = {"enum": list(known[parameter["name"]])}
    return document
