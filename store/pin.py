"""The schema that this process was written for: while the database has another, nothing is read or written."""

from sop.errors import N_, UnderMaintenance


class Pin:
    """`revision` is "" until the desk has started on it; then each transaction looks."""

    def __init__(self) -> None:
        self.revision = ""

    def compare(self, found: str) -> None:
        """Raises UnderMaintenance."""
        if self.revision and found != self.revision:
            raise UnderMaintenance(N_("skema basis data berubah selagi proses ini berjalan"))
