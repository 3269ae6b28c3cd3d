"""Identifiers, codes, hashes and dates as they are spelled on the wire."""

from typing import Annotated, Final, Literal

from pydantic import StringConstraints

ID_PATTERN: Final = r"^[a-z0-9][a-z0-9-]{1,63}$"

# The calendar is in the pattern, so that a schema in any language knows real dates
# and the fold pays for no function call.
_LEAP_YEAR = (
    r"(?:19(?:7[26]|8[048]|9[26])"
    r"|2[0-9](?:0[48]|[2468][048]|[13579][26])"
    r"|2[048]00)"
)
YEAR: Final = r"(?:19[7-9][0-9]|2[0-9]{3})"
_MONTH_DAY = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
DATE: Final = rf"(?:{YEAR}-{_MONTH_DAY}|{_LEAP_YEAR}-02-29)"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
ItemCode = Annotated[str, StringConstraints(pattern=r"^[A-D][0-9]{2}$")]
TierKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Sha256Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
DateText = Annotated[str, StringConstraints(pattern=rf"^{DATE}$")]
MonthText = Annotated[str, StringConstraints(pattern=rf"^{YEAR}-(?:0[1-9]|1[0-2])$")]
QuarterText = Annotated[str, StringConstraints(pattern=rf"^{YEAR}-Q[1-4]$")]
YearText = Annotated[str, StringConstraints(pattern=rf"^{YEAR}$")]

Capacity = Literal["committee", "member", "unit"]
