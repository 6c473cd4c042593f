"""How often a suggestion was right, with what the number of cases allows one to say. Pure."""

from math import sqrt

from msgspec import Struct

FEW = 30  # cases below which nothing is claimed
_95 = 1.959964  # standard deviations that hold 95 of 100


class Accuracy(Struct, frozen=True):
    """Of `n` tickets an officer chose in `right` the category that was suggested."""

    n: int = 0
    right: int = 0

    @property
    def known(self) -> bool:
        """Enough cases to name a share."""
        return self.n >= FEW

    @property
    def share(self) -> float:
        return self.right / self.n if self.n else 0.0

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which shares the true one lies with 95 % (Wilson's interval); (0, 1) where nothing is known."""
        if not self.n:
            return 0.0, 1.0
        square = _95 * _95 / self.n
        middle = (self.share + square / 2) / (1 + square)
        wide = _95 * sqrt(self.share * (1 - self.share) / self.n + square / (4 * self.n)) / (1 + square)
        return max(0.0, middle - wide), min(1.0, middle + wide)

    def plus(self, other: "Accuracy") -> "Accuracy":
        return Accuracy(self.n + other.n, self.right + other.right)
