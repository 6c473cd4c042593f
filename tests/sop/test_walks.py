"""Each shipped procedure walked from the first step to the end; every due time below was computed by hand.

Calendar: Monday to Thursday 08.00-12.00 and 13.00-16.00, Friday 08.00-11.30 and 13.00-16.30, WIB. In 2026 Monday 16 and
Tuesday 17 February, Friday 3 April and Monday 17 August are closed.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sop.calendar import ALWAYS, office_hours
from sop.procedure import Procedure
from sop.procedure_file import read, shipped
from sop.visit import Move, Visit, begin, decide, options

OFFICE = office_hours()
WIB = ZoneInfo("Asia/Jakarta")


def wib(text: str) -> datetime:
    """2026-MM-DD HH.MM in Jakarta, as the store keeps it."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H.%M").replace(tzinfo=WIB).astimezone(UTC)


class Walk:
    """One case on its way: each `go` decides the open visit and checks who has the ball next, and until when."""

    def __init__(self, name: str, received: str) -> None:
        self.procedure: Procedure = read(shipped()[name])
        self.visit: Visit = begin(self.procedure, wib(received), OFFICE)
        self.history: list[Visit] = []
        self.ended = False

    def here(self, step: str, lane: str, due: str | None) -> None:
        assert (self.visit.step, self.visit.lane) == (step, lane)
        assert self.visit.due_at == (wib(due) if due else None)

    def go(self, at: str, choice: str, *then: str | None, reason: str = "Alasan", code: str = "") -> Move:
        """Decide; `then` is step, lane and due time of the next visit, nothing when the case ends."""
        move = decide(
            self.procedure,
            self.visit,
            choice,
            by=7,
            now=wib(at),
            calendar=OFFICE,
            reason=reason,
            code=code,
            history=self.history,
        )
        assert (move.closed.decision, move.closed.by, move.closed.closed_at) == (choice, 7, wib(at))
        self.history.append(move.closed)
        self.ended = move.ended
        if move.opened is None:
            assert then == ()
            return move
        self.visit = move.opened
        step, lane, due = then
        assert step and lane
        self.here(step, lane, due)
        return move

    def buttons(self) -> list[str]:
        return [choice.id for choice in options(self.procedure, self.visit, self.history)]


def test_uc3_of_a_faculty_climbs_to_the_rector_and_comes_straight_back_to_the_narahubung() -> None:
    walk = Walk("uc3-fakultas", "02-13 15.55")
    walk.here("analisa", "narahubung", "02-13 16.10")

    asked = walk.go(
        "02-13 16.05", "lapor", "lapor-wk", "wk", "02-18 16.00"
    )  # after closing time: moved back to it
    walk.go("02-18 10.00", "naik", "lapor-koor", "koor", "02-19 10.00")
    walk.go("02-19 09.00", "naik", "lapor-wd", "wd", "02-20 09.00")
    walk.go("02-20 09.00", "naik", "lapor-dekan", "dekan", "02-23 09.00")
    walk.go("02-23 08.30", "naik", "lapor-wr", "wr", "02-24 08.30")
    walk.go("02-24 14.00", "naik", "kebijakan", "rektor", "02-25 14.00")
    assert walk.buttons() == ["kebijakan"]
    given = walk.go("02-25 11.00", "kebijakan", "jawab", "narahubung", "02-26 11.00")
    sent = walk.go("02-26 09.00", "kirim")

    assert asked.says == "Laporan Anda memerlukan kebijakan pimpinan dan sudah kami sampaikan."
    assert given.tell_lanes == ("wk", "koor", "wd", "dekan", "wr")
    assert sent.ended and sent.decision.closes


def test_uc3_of_an_institute_is_answered_by_the_first_rung() -> None:
    walk = Walk("uc3-lembaga", "02-13 16.20")
    walk.here("analisa", "narahubung", "02-18 08.05")  # ten minutes on Friday, five after the long weekend

    walk.go("02-18 08.03", "lapor", "lapor-wk", "wk", "02-19 08.03")
    given = walk.go("02-19 08.00", "kebijakan", "jawab", "narahubung", "02-20 08.00")
    walk.go("02-20 07.50", "kirim")

    assert given.tell_lanes == ()
    assert walk.ended


def test_uc3_of_the_head_office_has_one_rung_less() -> None:
    walk = Walk("uc3-kantor-pusat", "08-14 16.00")

    walk.go("08-14 16.10", "lapor", "lapor-wk", "wk", "08-18 16.00")
    walk.go("08-18 08.00", "naik", "lapor-koor", "koor", "08-19 08.00")
    walk.go("08-19 08.00", "naik", "lapor-biro", "biro", "08-20 08.00")
    walk.go("08-20 12.30", "naik", "lapor-wr", "wr", "08-21 13.00")  # decided in the break: counts from 13.00
    walk.go("08-21 08.00", "naik", "kebijakan", "rektor", "08-24 08.00")
    given = walk.go("08-24 07.00", "kebijakan", "jawab", "narahubung", "08-26 08.00")  # Tuesday 25 is closed
    walk.go("08-26 08.00", "kirim")

    assert given.tell_lanes == ("wk", "koor", "biro", "wr")
    assert walk.ended


def test_uc3_a_question_that_can_be_answered_never_reaches_a_superior() -> None:
    walk = Walk("uc3-fakultas", "02-13 10.00")

    walk.go("02-13 10.10", "jawab", "jawab", "narahubung", "02-18 10.10")
    walk.go("02-13 10.11", "kirim")

    assert walk.ended


def test_mipa_returns_three_times_then_goes_up_to_the_dean() -> None:
    walk = Walk("mipa-care", "04-02 15.50")
    walk.here("periksa", "operator", "04-06 08.05")

    walk.go("04-02 15.58", "teruskan", "koordinasi", "pimpinan", "04-08 15.58")
    walk.go("04-07 10.00", "teruskan", "klarifikasi", "pihak", "04-08 10.00")
    walk.go("04-08 09.00", "klarifikasi", "hasil-periksa", "pimpinan", "04-09 09.00")
    for at, due, back, next_due in (
        ("04-09 08.30", "04-10 08.30", "04-09 13.00", "04-10 13.00"),
        ("04-09 14.00", "04-10 14.00", "04-10 08.00", "04-13 08.00"),
        ("04-10 09.00", "04-13 09.00", "04-10 10.00", "04-13 10.00"),
    ):
        assert walk.buttons() == ["sesuai", "kembalikan"]
        walk.go(at, "kembalikan", "klarifikasi", "pihak", due)
        walk.go(back, "klarifikasi", "hasil-periksa", "pimpinan", next_due)
    assert walk.visit.round == 4
    assert walk.buttons() == ["sesuai", "naik"]
    walk.go("04-10 10.30", "naik", "putusan-dekan", "dekan", "04-13 10.30")
    walk.go(
        "04-10 11.00", "kebijakan", "hasil", "operator", "04-10 14.30"
    )  # half an hour, the break, one and a half
    walk.go("04-10 16.00", "kirim", "terima", "pengguna", "04-13 08.30")
    walk.go("04-10 16.05", "terima")

    assert walk.ended


def test_mipa_an_answer_at_once_skips_the_leader() -> None:
    walk = Walk("mipa-care", "04-02 15.50")

    walk.go("04-02 15.55", "jawab", "hasil", "operator", "04-06 09.55")
    walk.go("04-02 15.56", "kirim", "terima", "pengguna", "04-06 08.56")

    assert walk.buttons() == ["terima"]


def test_itb_has_24_elapsed_hours_from_receipt_to_closing_whoever_has_the_ball() -> None:
    walk = Walk("itb-care-center", "02-13 15.55")
    walk.here("identitas", "agent", "02-14 15.55")

    walk.go("02-13 16.00", "minta", "tunggu-identitas", "user", "02-14 15.55")
    walk.go("02-13 19.00", "balas", "identitas", "agent", "02-14 15.55")
    walk.go("02-13 19.10", "sah", "respon", "agent", "02-14 15.55")
    walk.go("02-13 19.20", "serahkan", "perbaikan", "pengembang", "02-14 15.55")
    walk.go("02-14 09.00", "selesai", "respon", "agent", "02-14 15.55")
    walk.go("02-14 09.30", "kirim", "kategori", "agent", "02-14 15.55")
    walk.go("02-14 09.31", "kategori", "penutupan", "agent", "02-14 15.55")
    closed = walk.go(
        "02-14 10.00", "tutup", "periksa", "supervisor", "02-19 08.00"
    )  # from Wednesday's opening
    assert closed.decision.closes and not closed.ended
    walk.go("02-18 09.00", "kembalikan", "kategori", "agent", None)  # closed in time already
    walk.go("02-18 09.05", "kategori", "penutupan", "agent", None)
    walk.go("02-18 09.06", "tutup", "periksa", "supervisor", "02-19 09.06")
    walk.go("02-19 08.00", "sahkan")

    assert walk.ended


def test_jss_a_rejection_goes_to_admin_pusat_and_the_third_party_stops_no_clock() -> None:
    walk = Walk("jss-upik", "08-15 23.00")
    walk.here("verifikasi", "admin-opd", "08-16 01.00")  # Saturday night; elapsed hours ask for no office

    walk.go("08-16 00.30", "tolak", "distribusi", "admin-pusat", "08-16 02.30", code="bukan-wewenang")
    walk.go("08-16 01.00", "alihkan", "verifikasi", "admin-opd", "08-16 03.00")
    walk.go("08-16 02.00", "terima", "penerimaan", "lapangan", "08-16 04.00")
    walk.go("08-16 03.00", "terima", "pengerjaan", "lapangan", "08-17 03.00")
    walk.go("08-16 10.00", "serahkan", "pihak-ketiga", "ketiga", "08-17 03.00")
    walk.go("08-16 20.00", "selesai", "pengerjaan", "lapangan", "08-17 03.00")
    walk.go("08-17 02.00", "selesai", "penyelesaian", "lapangan", None)
    done = walk.go("08-17 02.05", "selesai")

    assert done.ended
    assert done.says == "Aduan Anda sudah selesai dikerjakan."


def test_jss_a_confirmed_rejection_tells_the_reporter_why() -> None:
    walk = Walk("jss-upik", "08-15 23.00")

    quiet = walk.go("08-16 00.30", "tolak", "distribusi", "admin-pusat", "08-16 02.30", code="ganda")
    told = walk.go("08-16 01.00", "tolak", reason="sudah dilaporkan kemarin")

    assert quiet.says == ""
    assert told.says == "Aduan Anda tidak dapat kami tindak lanjuti: sudah dilaporkan kemarin."
    assert walk.ended


def test_jss_read_the_other_way_is_verified_by_admin_pusat() -> None:
    walk = Walk("jss-upik-admin-pusat", "08-15 23.00")
    walk.here("verifikasi", "admin-pusat", "08-16 01.00")

    walk.go("08-16 00.30", "terima", "penerimaan", "admin-opd", "08-16 02.30")
    walk.go("08-16 01.30", "alihkan", "verifikasi", "admin-pusat", "08-16 03.30")
    walk.go("08-16 02.30", "terima", "penerimaan", "admin-opd", "08-16 04.30")
    walk.go("08-16 03.30", "terima", "pengerjaan", "lapangan", "08-17 03.30")
    walk.go("08-16 09.00", "selesai", "penyelesaian", "lapangan", None)
    walk.go("08-16 09.01", "selesai")

    assert walk.ended


def test_jss_read_the_other_way_rejects_straight_to_the_reporter() -> None:
    walk = Walk("jss-upik-admin-pusat", "08-15 23.00")

    told = walk.go("08-16 00.30", "tolak", reason="foto tidak ada", code="bukti-kurang")

    assert told.says == "Aduan Anda dikembalikan kepada Anda: Bukti kurang. foto tidak ada."


@pytest.mark.parametrize("returned", [False, True])
def test_humas_goes_down_the_chain_to_publication_and_archive(returned: bool) -> None:
    walk = Walk("humas-telegram", "02-13 15.55")
    walk.here("disposisi", "wr3", "02-18 15.55")

    walk.go("02-18 09.00", "disposisi", "tindak-lanjut", "bpkh", "02-18 11.00")
    walk.go("02-18 10.30", "instruksi", "fasilitasi", "koor-pkih", "02-18 11.30")
    walk.go("02-18 11.00", "instruksi", "narasi", "wk-humas", "02-18 11.10")
    if returned:
        walk.go("02-18 11.05", "kembalikan", "fasilitasi", "koor-pkih", "02-18 13.05")
        walk.go("02-18 11.20", "instruksi", "narasi", "wk-humas", "02-18 11.30")
    walk.go("02-18 11.25", "layak", "perintah", "wk-humas", "02-18 11.30")
    walk.go("02-18 11.28", "instruksi", "sebar", "petugas", "02-18 11.33")
    walk.go("02-18 11.58", "terbitkan", "arsip", "petugas", "02-18 13.03")
    walk.go("02-18 13.01", "arsipkan")

    assert walk.ended


def test_humas_narration_refused_a_fourth_time_goes_up_once_to_who_may_decline() -> None:
    walk = Walk("humas-telegram", "02-18 09.00")
    walk.go("02-18 09.00", "disposisi", "tindak-lanjut", "bpkh", "02-18 11.00")
    walk.go("02-18 09.00", "instruksi", "fasilitasi", "koor-pkih", "02-18 10.00")
    walk.go("02-18 09.00", "instruksi", "narasi", "wk-humas", "02-18 09.10")
    for _ in range(3):
        walk.go("02-18 09.00", "kembalikan", "fasilitasi", "koor-pkih", "02-18 10.00")
        walk.go("02-18 09.00", "instruksi", "narasi", "wk-humas", "02-18 09.10")

    assert walk.buttons() == ["layak", "naik"]
    walk.go("02-18 09.00", "naik", "disposisi", "wr3", "02-19 09.00")
    declined = walk.go("02-18 09.30", "tolak", reason="narasi tidak layak")

    assert declined.says == "Permohonan publikasi tidak dapat dipenuhi: narasi tidak layak."


def test_an_office_that_reads_a_working_day_to_its_end_says_so_in_the_file() -> None:
    procedure = read(shipped()["uc3-fakultas"].replace("hk: jam_sama", "hk: akhir_hari"))
    first = begin(procedure, wib("02-13 09.00"), OFFICE)

    move = decide(procedure, first, "jawab", by=7, now=wib("02-13 09.05"), calendar=OFFICE)

    assert move.opened is not None
    assert move.opened.due_at == wib("02-18 16.00")


def test_an_urgent_publication_runs_round_the_clock_on_a_calendar_that_never_closes() -> None:
    procedure = read(shipped()["humas-telegram"])
    first = begin(procedure, wib("02-13 22.00"), ALWAYS)

    move = decide(procedure, first, "disposisi", by=7, now=wib("02-13 23.00"), calendar=ALWAYS)

    assert first.due_at == wib("02-14 22.00")
    assert move.opened is not None
    assert move.opened.due_at == wib("02-14 01.00")
