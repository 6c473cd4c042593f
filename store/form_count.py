"""How many public forms an address sent in a span of time. Addresses are kept as keyed hashes, for an hour."""

from store.db import Change, View

KEPT = 6  # spans


def of(view: View, address: str, slot: int) -> int:
    row = view.one(
        "SELECT n FROM form_count WHERE slot = :slot AND address = :address", slot=slot, address=address
    )
    return int(row["n"]) if row else 0


def add(change: Change, address: str, slot: int) -> None:
    """Count one; what is old goes."""
    change.run("DELETE FROM form_count WHERE slot < :old", old=slot - KEPT)
    change.run(
        """
        INSERT INTO form_count (slot, address, n) VALUES (:slot, :address, 1)
        ON CONFLICT (slot, address) DO UPDATE SET n = form_count.n + 1
        """,
        slot=slot,
        address=address,
    )
