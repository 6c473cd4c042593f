"""An answer does not leave with a hole of its template still empty."""

from desk.templates import HOLES, HolesEmpty
from sop.language import Language, translate


def check_filled(text: str, language: Language) -> None:
    """Raises HolesEmpty when the text still says `[hole]` where a template had one."""
    empty = [name for name in HOLES if f"[{name}]" in text]
    if empty:
        raise HolesEmpty(", ".join(translate(HOLES[name], language) for name in empty))
