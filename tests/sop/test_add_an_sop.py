"""docs/add-an-sop.md writes a sixth SOP; it is built here from the page's own text."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sop.calendar import office_hours
from sop.procedure_file import ProcedureFaulty, read
from sop.procedure_words import DECISION, HEADER, KINDS, LANE, LOOP, ROLES, SIGNER, STEP, USUAL
from sop.visit import Visit, begin, decide

PAGE = (Path(__file__).parents[2] / "docs" / "add-an-sop.md").read_text(encoding="utf-8")
SIXTH = "\n".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
NOW = datetime(2026, 2, 18, 2, 0, tzinfo=UTC)  # Wednesday 09.00 WIB


def test_the_sixth_sop_is_read_from_the_page_and_walked() -> None:
    procedure = read(SIXTH)
    visit: Visit | None = begin(procedure, NOW, office_hours())
    history: tuple[Visit, ...] = ()
    lanes = []
    for choice in ("terima", "biaya", "setuju", "selesai", "kirim"):
        assert visit is not None
        lanes.append(visit.lane)
        move = decide(
            procedure, visit, choice, by=7, now=NOW, calendar=office_hours(), reason="Alasan", history=history
        )
        visit, history = move.opened, (*history, move.closed)

    assert visit is None
    assert lanes == ["loket", "teknisi", "kasubag", "teknisi", "loket"]
    assert history[0].due_at == NOW + timedelta(minutes=30)


def test_the_mistake_that_the_page_shows_is_what_check_says() -> None:
    with pytest.raises(ProcedureFaulty) as refused:
        read(SIXTH.replace("waktu: 30 menit", "waktu: 30"))

    (shown,) = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    (fault,) = refused.value.faults
    assert shown == f"Baris {fault}"


def test_every_key_and_word_of_a_file_is_on_the_page() -> None:
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    words = set(re.findall(r"[a-z0-9_]+", " ".join(re.findall(r"`([^`]+)`", prose))))

    for known in (HEADER, SIGNER, LANE, STEP, DECISION, LOOP, ROLES, KINDS, USUAL):
        assert set(known) <= words
