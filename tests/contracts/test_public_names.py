"""What the package offers."""

from types import ModuleType

import jifen_contracts
from jifen_contracts import events


def public_names(module: ModuleType) -> list[str]:
    return sorted(
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    )


def test_the_package_lists_its_public_names() -> None:
    # `canonical` is a function and the module it comes from; the function wins.
    assert sorted(jifen_contracts.__all__) == public_names(jifen_contracts)


def test_the_events_list_their_public_names() -> None:
    assert sorted(events.__all__) == public_names(events)
