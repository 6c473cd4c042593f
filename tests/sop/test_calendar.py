"""Calendars as the office writes them."""

from datetime import date, time
from typing import Any

import pytest
import yaml

from sop.calendar import ALWAYS, Calendar, CalendarFaulty, office_hours, read, usual_hours, write
from sop.days import closed_because, hours_on

WRITTEN = """
code: jam-kerja-unej
name: Jam kerja Universitas Contoh
zone: Asia/Jakarta
week:
  senin-kamis: [08.00-12.00, "13:00-16:00"]
  jumat: 08.00-11.30, 13.00-16.30
seasons:
  - name: Ramadan 1447 H
    first: 2026-02-18
    last: "2026-03-19"
    week: {senin-kamis: [08.00-15.00], jumat: [08.00-15.30]}
closures:
  - {day: 2026-11-10, reason: Dies natalis}
  - {day: 2026-12-28, last: 2026-12-30, reason: Libur akhir tahun}
openings:
  - {day: 2026-12-24, reason: Wisuda}
  - {day: 2026-12-26, reason: Wisuda, hours: [08.00-24.00]}
"""


def written(**changed: Any) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(WRITTEN)
    return data | changed


def office() -> Calendar:
    return read(written())


def test_a_written_calendar_is_read_with_its_break_and_its_friday() -> None:
    assert office().week[0] == ((time(8), time(12)), (time(13), time(16)))
    assert office().week[:4] == (office().week[0],) * 4
    assert office().week[4] == ((time(8), time(11, 30)), (time(13), time(16, 30)))
    assert office().week[5:] == ((), ())
    assert office().national is True


@pytest.mark.parametrize("calendar", [office(), office_hours("Asia/Jayapura"), ALWAYS])
def test_what_is_written_is_read_back_the_same(calendar: Calendar) -> None:
    again = read(yaml.safe_load(yaml.safe_dump(write(calendar))))

    assert again == calendar
    assert hash(again) == hash(calendar)


def test_ramadan_has_hours_of_its_own() -> None:
    assert hours_on(office(), date(2026, 2, 19)) == ((time(8), time(15)),)
    assert usual_hours(office(), date(2026, 3, 19)) == ((time(8), time(15)),)
    assert usual_hours(office(), date(2026, 3, 20)) == office().week[4]
    assert hours_on(office(), date(2026, 2, 13)) == office().week[4]


def test_national_holidays_and_cuti_bersama_are_closed_by_name() -> None:
    assert "Kemerdekaan" in closed_because(office(), date(2026, 8, 17))
    assert closed_because(office(), date(2026, 5, 15)).startswith("Cuti Bersama")
    assert hours_on(office(), date(2026, 5, 15)) == ()
    assert hours_on(read(written(national=False)), date(2026, 5, 15)) == office().week[4]


def test_the_offices_own_closure_is_closed_with_its_reason() -> None:
    assert hours_on(office(), date(2026, 11, 10)) == ()
    assert closed_because(office(), date(2026, 11, 10)) == "Dies natalis"


def test_a_stretch_of_closed_days_is_closed_to_its_last() -> None:
    closed = [closed_because(office(), date(2026, 12, day)) for day in range(27, 32)]

    assert closed == ["", "Libur akhir tahun", "Libur akhir tahun", "Libur akhir tahun", ""]


def test_a_decree_opens_a_holiday_with_the_weekdays_hours_and_a_saturday_with_its_own() -> None:
    assert hours_on(office(), date(2026, 12, 24)) == office().week[3]
    assert hours_on(office(), date(2026, 12, 26)) == ((time(8), time(0)),)
    assert closed_because(office(), date(2026, 12, 24)) == ""


@pytest.mark.parametrize(
    ("changed", "remedy"),
    [
        ({"zone": "Asia/Jember"}, "Tulis Asia/Jakarta"),
        ({"zone": "../etc/passwd"}, "zona waktu"),
        ({"code": ""}, "isi “code”"),
        ({"nasional": True}, "Maksud Anda “national”"),
        ({"xyz": True}, "Yang dikenal: code"),
        ({"national": "ya"}, "true atau false"),
        ({"week": {}}, "isi “week”"),
        ({"week": {"senin": []}}, "sedikitnya satu hari"),
        ({"week": {"monday": ["08.00-12.00"]}}, "Tulis senin, selasa"),
        ({"week": {"kamis-senin": ["08.00-12.00"]}}, "bukan hari"),
        ({"week": {"senin": ["12.00-08.00"]}}, "misalnya 08.00-12.00"),
        ({"week": {"senin": ["08.00-25.00"]}}, "akhir hari 24.00"),
        ({"week": {"senin": ["08.00-11.75"]}}, "tidak dapat dibaca"),
        ({"week": {"senin": 8}}, "tulis jam sebagai"),
        ({"week": {"senin": ["08.00-12.00", "11.00-16.00"]}}, "bertumpang tindih"),
        ({"week": {"senin": ["08.00-24.00", "09.00-10.00"]}}, "bertumpang tindih"),
        ({"week": {"senin-rabu": ["08.00-12.00"], "selasa": ["08.00-12.00"]}}, "selasa tertulis dua kali"),
        ({"closures": [{"day": "17 Agustus", "reason": "x"}]}, "closures 1: isi “day” dengan tanggal"),
        ({"closures": [{"day": "2026-08-18"}]}, "isi “reason”"),
        ({"closures": [{"day": "2026-08-18", "last": "2026-08-17", "reason": "x"}]}, "sesudah “day”"),
        ({"closures": "2026-08-18"}, "sebagai daftar"),
        ({"openings": [{"day": "2026-11-10", "reason": "x"}]}, "tutup dan juga buka"),
        ({"openings": [{"day": "2026-11-14", "reason": "x"}]}, "Tulis jamnya"),
        ({"seasons": [{"name": "R", "first": "2026-03-02", "last": "2026-03-01", "week": {}}]}, "Tukarkan"),
    ],
)
def test_a_mistake_is_refused_with_its_place_and_remedy(changed: dict[str, Any], remedy: str) -> None:
    with pytest.raises(CalendarFaulty) as refused:
        read(written(**changed))

    assert remedy in str(refused.value)
    assert str(refused.value).startswith(("jam-kerja-unej", "kalender"))
