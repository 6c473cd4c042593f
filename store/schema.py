"""Does the database fit this code? Compared by revision alone, so that a start imports nothing of the migrations."""

from pathlib import Path

from sop.errors import N_, DeskError
from store.db import Reader, View

ALL = tuple(
    sorted(
        path.name.partition("_")[0]
        for path in (Path(__file__).parent / "migrations" / "versions").glob("0*.py")
    )
)
HEAD = ALL[-1]


class SchemaOlder(DeskError):
    def __init__(self, found: str) -> None:
        super().__init__(
            N_(
                "Basis data masih versi {found}, program ini memerlukan versi {head}. Jalankan: tanggap migrate"
            ),
            found=found,
            head=HEAD,
        )


class SchemaNewer(DeskError):
    def __init__(self, found: str) -> None:
        super().__init__(
            N_(
                "Basis data sudah versi {found}, program ini baru mengenal versi {head}. Pasang versi tanggap yang lebih baru."
            ),
            found=found,
            head=HEAD,
        )


def revision(view: View) -> str:
    """The revision that the database says it has; "" for an empty one is the caller's to tell apart."""
    row = view.one("SELECT version_num FROM alembic_version")
    return str(row["version_num"]) if row else ""


async def check(db: Reader) -> None:
    """Raises SchemaOlder or SchemaNewer, in words that say what to run."""
    try:
        found = await db.read(revision)
    except Exception as error:
        if "alembic_version" not in str(error):
            raise
        raise SchemaOlder("0000") from None
    if found < HEAD:
        raise SchemaOlder(found or "0000")
    if found > HEAD:
        raise SchemaNewer(found)
