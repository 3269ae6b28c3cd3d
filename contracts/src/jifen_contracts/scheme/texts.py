"""The kinds of text in a scheme document, and how many of each part there may be."""

from typing import Annotated, Any, Final

from pydantic import StringConstraints

from jifen_contracts.wire import Wire

ITEMS_MAX: Final = 64
TIERS_MAX: Final = 32
OVERLAYS_MAX: Final = 40
CHECKLIST_MAX: Final = 20
DAYS_MAX: Final = 400
COUNT_MAX: Final = 100

_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"

# Room for decimals that the arithmetic cannot carry: lint names the place and the mend (rule 5),
# where a stricter type could only say that the document is malformed.
Amount = Annotated[
    str, StringConstraints(pattern=r"^-?(0|[1-9][0-9]{0,4})(\.[0-9]{1,4})?$", max_length=11)
]
Name = Annotated[str, StringConstraints(pattern=_LINE, max_length=40)]
Sentence = Annotated[str, StringConstraints(pattern=_LINE, max_length=60)]
Tag = Annotated[str, StringConstraints(pattern=_LINE, min_length=1, max_length=20)]
# Wider than an item code of an event: lint says which code fits no category.
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Text(Wire):
    """One line of text in both languages."""

    zh: Sentence
    en: Sentence


def wire_object(part: Wire) -> dict[str, Any]:
    """Return the wire form of a part; what equals its default is left out."""
    return part.model_dump(mode="json", by_alias=True, exclude_defaults=True)
