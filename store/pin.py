"""What this process knows of its database: the schema that it was written for, and damage that it met."""

from sop.errors import N_, UnderMaintenance


class Pin:
    """`revision` is "" until the desk has started on it; then each transaction looks, and while the database has another
    nothing is read or written. `damage`: what the driver said of a part that it cannot read, "" as long as it met none.
    """

    def __init__(self) -> None:
        self.revision = ""
        self.damage = ""

    def compare(self, found: str) -> None:
        """Raises UnderMaintenance."""
        if self.revision and found != self.revision:
            raise UnderMaintenance(N_("skema basis data berubah selagi proses ini berjalan"))
