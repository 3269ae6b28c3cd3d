"""What a wallet holds, in words that the fold and the model share."""

from typing import NamedTuple


class PursedLot(NamedTuple):
    claim: str
    left: int
    held: int
    expires: str


class Purse(NamedTuple):
    """The debt, what is free and not expired, and the lots that have something left."""

    debt: int
    free: int
    lots: tuple[PursedLot, ...]

    @property
    def balance(self) -> int:
        return sum(lot.left for lot in self.lots) - self.debt
