"""Issue 5: a category is suggested, learns from what officers choose, and its measured accuracy is told honestly."""

from typing import Any

import pytest

from desk import categories, suggesting, triage
from desk.intake import take_in
from desk.suggesting import Suggested, catch_up, measured
from sop.accuracy import Accuracy
from sop.errors import NotAllowed
from store import dossier, suggestions, tickets
from store import office as offices
from store.db import Change, Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office


async def told(db: Database, text: str, key: str = "1", **facts: Any) -> int:
    number = await db.write(take_in, incoming(text, key=key, sender=key, **facts), ids(), NOW)
    assert number is not None
    await catch_up(db, NOW)
    return int(number)


async def shown(db: Database, number: int) -> Suggested | None:
    """What the ticket's page shows beside the buttons."""
    sari = await officer(db)

    def read(view: View) -> Suggested | None:
        ticket = tickets.find(view, number)
        assert ticket is not None
        file = dossier.read(view, ticket, sari.id, NOW)
        return suggesting.of_ticket(offices.current(view), ticket, file.suggestion)

    return await db.read(read)


async def name_of(db: Database, number: int) -> str:
    found = await shown(db, number)
    return found.category.name if found else ""


async def filed(db: Database, number: int, code: str) -> None:
    await db.write(triage.tag, str(number), await officer(db), code, key="", now=NOW)


async def counts(db: Database) -> dict[tuple[int, str], int]:
    def read(view: View) -> dict[tuple[int, str], int]:
        rows = view.all("SELECT category_id, word, n FROM category_word")
        return {(row["category_id"], row["word"]): row["n"] for row in rows}

    return await db.read(read)


async def rate(db: Database) -> Accuracy:
    def read(view: View) -> Accuracy:
        return measured(view, offices.current(view), NOW).overall

    return await db.read(read)


async def test_a_new_ticket_gets_a_suggestion_with_its_words_and_no_category(db: Database) -> None:
    await small_office(db)

    number = await told(db, "Sandi SIAKAD saya tidak diterima")

    found = await shown(db, number)
    assert found is not None and found.category.name == "Akun"
    assert {reason.word for reason in found.why} == {"sandi", "siakad"}
    assert await db.read(tickets.categories, number) == ()


async def test_later_words_change_the_suggestion_as_long_as_nobody_chose(db: Database) -> None:
    await small_office(db)
    number = await told(db, "Sandi saya bermasalah")

    assert await told(db, "maksudnya: krs, nilai, dan kuliah saya") == number
    assert await name_of(db, number) == "Akademik"
    await filed(db, number, "akun")
    assert await told(db, "krs krs nilai") == number

    assert await shown(db, number) is None


async def test_what_officers_choose_teaches_new_words(db: Database) -> None:
    await small_office(db)
    assert await name_of(db, await told(db, "Banding golongan saya ditolak", "1")) == ""
    for key in ("2", "3", "4"):
        await filed(db, await told(db, "Banding golongan belum dijawab", key), "keuangan")

    assert await name_of(db, await told(db, "Hasil banding golongan kapan keluar", "5")) == "Keuangan"


async def test_a_choice_that_is_taken_back_is_unlearnt_to_the_last_word(db: Database) -> None:
    await small_office(db)
    sari = await officer(db)
    first = await told(db, "Banding golongan saya ditolak", "1")
    second = await told(db, "Banding cicilan", "2")
    await filed(db, first, "keuangan")
    before = await counts(db)

    await filed(db, second, "akun")
    await told(db, "Ada kabar perihal berkas?", "2", at=NOW + MINUTE)
    await db.write(triage.untag, str(second), sari, "akun", key="", now=NOW + 2 * MINUTE)

    assert await counts(db) == before
    await db.write(triage.untag, str(first), sari, "keuangan", key="", now=NOW + 2 * MINUTE)
    assert await counts(db) == {}


async def test_the_same_press_twice_teaches_once(db: Database) -> None:
    await small_office(db)
    sari = await officer(db)
    number = await told(db, "Banding golongan saya ditolak")
    for key in ("k", "k", "another"):
        await db.write(triage.tag, str(number), sari, "akun", key=key, now=NOW)

    assert {n for (_, word), n in (await counts(db)).items() if word != suggestions.WORDS} == {1}


async def test_what_reporters_choose_themselves_teaches_nothing(db: Database) -> None:
    await small_office(db)
    number = await told(db, "Banding golongan saya ditolak")

    def choose(change: Change) -> None:
        tickets.tag(change, number, 1, by=None, at=NOW)

    await db.write(choose)
    await db.write(triage.untag, str(number), await officer(db), "akademik", key="", now=NOW)

    assert await counts(db) == {}


async def test_merged_categories_teach_and_count_as_their_target(db: Database) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")
    number = await told(db, "Sandi perangkat saya", "1")
    await filed(db, number, "akun")
    found = (await db.read(offices.current)).categories
    code = {each.code: each.id for each in found.values()}

    await db.write(categories.merge, lestari, code["akun"], code["akademik"], NOW)

    assert await name_of(db, await told(db, "perangkat bermasalah", "2")) == "Akademik"
    assert await rate(db) == Accuracy(1, 1)


async def test_accuracy_is_of_the_first_choice_and_of_suggested_tickets_alone(db: Database) -> None:
    await small_office(db)
    sari = await officer(db)
    right, wrong = await told(db, "sandi", "1"), await told(db, "siakad", "2")
    unsaid = await told(db, "Selamat pagi", "3")
    await filed(db, right, "akun")
    await filed(db, wrong, "akademik")
    await db.write(triage.untag, str(wrong), sari, "akademik", key="", now=NOW)
    await filed(db, wrong, "akun")
    await filed(db, unsaid, "akun")

    assert await rate(db) == Accuracy(2, 1)
    assert not (await rate(db)).known


async def test_a_desk_without_suggestions_makes_none_and_makes_up_for_none(db: Database) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")
    before = await told(db, "sandi saya", "1")
    await db.write(suggesting.switch, lestari, False, NOW)
    hidden = await told(db, "sandi saya", "2")
    assert (await name_of(db, before), await name_of(db, hidden)) == ("", "")

    await db.write(suggesting.switch, lestari, True, NOW)
    await catch_up(db, NOW)

    assert (await name_of(db, before), await name_of(db, hidden)) == ("Akun", "")
    with pytest.raises(NotAllowed):
        await db.write(suggesting.switch, await officer(db), False, NOW)
