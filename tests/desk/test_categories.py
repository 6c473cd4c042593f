"""Issue 5: the tree of categories. Renaming, merging and retiring keep every ticket's history."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from desk import categories, office_export, office_file, triage
from desk.categories import CategoryAbsent, CodeTaken, HasBranches
from desk.intake import take_in
from sop import office_file as reading
from sop.category_tree import CategoryCircle
from sop.errors import NotAllowed
from sop.office import Category, Office
from store import categories as kept
from store import office as offices
from store import templates, tickets, trail
from store.db import Change, Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office


async def office(db: Database) -> Office:
    return await db.read(offices.current)


async def category(db: Database, code: str) -> Category:
    return next(each for each in (await office(db)).categories.values() if each.code == code)


async def filed(db: Database, code: str) -> str:
    """A ticket that Sari filed there."""
    number = await db.write(take_in, incoming("Halo", key=code, sender=code), ids(), NOW)
    await db.write(triage.tag, str(number), await officer(db), code, key="", now=NOW)
    return str(number)


async def carried(db: Database, number: str) -> list[str]:
    """What the ticket is filed under, as its page shows it."""
    found = await db.read(tickets.find, int(number))
    assert found is not None
    return [each.name for each in (await office(db)).tags(found.categories)]


async def kinds(db: Database, number: int) -> list[str]:
    def read(view: View) -> list[str]:
        return [each.kind for each in trail.of_case(view, number, kind="category")]

    return await db.read(read)


async def test_a_new_category_hangs_in_the_tree_and_can_be_chosen(db: Database) -> None:
    await small_office(db)
    lestari, parent = await officer(db, "lestari"), await category(db, "akademik")
    wanted = Category(id=0, code="krs", name="KRS", parent=parent.id, retention_days=365, position=3)

    number = await db.write(categories.create, lestari, wanted, NOW)

    assert await category(db, "krs") == replace(wanted, id=number)
    assert await carried(db, await filed(db, "krs")) == ["KRS"]
    with pytest.raises(CodeTaken):
        await db.write(categories.create, lestari, wanted, NOW)


async def test_a_renamed_category_keeps_its_tickets_and_its_old_name_in_the_chain(db: Database) -> None:
    await small_office(db)
    lestari, before = await officer(db, "lestari"), await category(db, "akun")
    number = await filed(db, "akun")

    await db.write(categories.save, lestari, replace(before, name="Akun dan sandi"), NOW)

    assert await carried(db, number) == ["Akun dan sandi"]

    def told(view: View) -> list[object]:
        return [each.facts.get("was") for each in trail.of_case(view, before.id, kind="category")]

    assert await db.read(told) == ["Akun"]


async def test_no_category_moves_under_its_own_branch(db: Database) -> None:
    await small_office(db)
    lestari, top = await officer(db, "lestari"), await category(db, "akun")
    below = await db.write(
        categories.create, lestari, Category(id=0, code="sandi", name="Sandi", parent=top.id), NOW
    )

    for parent in (top.id, below):
        with pytest.raises(CategoryCircle):
            await db.write(categories.save, lestari, replace(top, parent=parent), NOW)
    with pytest.raises(CategoryCircle):
        await db.write(categories.merge, lestari, top.id, below, NOW)

    assert (await category(db, "akun")).parent is None


async def test_tickets_of_a_merged_category_count_as_the_targets_until_it_is_parted(db: Database) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")
    source, target = await category(db, "akun"), await category(db, "akademik")
    number = await filed(db, "akun")
    template = await db.write(_template, source.id)

    said = await db.read(categories.consequence, lestari, source.id, target.id)
    await db.write(categories.merge, lestari, source.id, target.id, NOW)

    assert (said.weight.tickets, said.weight.open, said.weight.templates) == (1, 1, 1)
    assert set(said.keywords) == {"sandi", "siakad"}
    found = await office(db)
    assert source.id not in found.categories
    assert found.counted_as(target.id) == {source.id, target.id}
    assert await carried(db, number) == ["Akademik"]
    assert {"sandi", "krs"} <= found.categories[target.id].keywords
    assert (await db.read(_category_of, template)) == target.id

    await db.write(categories.part, lestari, source.id, NOW + MINUTE)

    assert await carried(db, number) == ["Akun"]
    assert (await category(db, "akademik")).keywords == target.keywords
    assert await category(db, "akun") == source
    assert (await db.read(_category_of, template)) == source.id
    assert await kinds(db, source.id) == ["category.merged", "category.parted"]


def _template(change: Change, category: int) -> int:
    return templates.add(change, code="a", name="A", language="id", body="Baik.", at=NOW, category=category)


def _category_of(view: View, template: int) -> int | None:
    found = templates.get(view, template)
    return found.category if found else None


async def test_a_ticket_that_carries_both_carries_the_target_once_and_sheds_it_whole(db: Database) -> None:
    await small_office(db)
    sari, lestari = await officer(db), await officer(db, "lestari")
    number = await filed(db, "akun")
    await db.write(triage.tag, number, sari, "akademik", key="", now=NOW)
    source, target = await category(db, "akun"), await category(db, "akademik")

    await db.write(categories.merge, lestari, source.id, target.id, NOW)
    assert await carried(db, number) == ["Akademik"]
    await db.write(triage.tag, number, sari, "akademik", key="", now=NOW)
    await db.write(triage.untag, number, sari, "akademik", key="", now=NOW)

    assert await carried(db, number) == []


async def test_what_is_merged_twice_counts_as_the_last_target(db: Database) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")
    first, second, third = [await category(db, code) for code in ("akun", "keuangan", "akademik")]
    number = await filed(db, "akun")

    await db.write(categories.merge, lestari, first.id, second.id, NOW)
    await db.write(categories.merge, lestari, second.id, third.id, NOW)
    assert await carried(db, number) == ["Akademik"]
    await db.write(categories.part, lestari, first.id, NOW)

    assert await carried(db, number) == ["Akun"]


async def test_a_retired_category_is_not_chosen_and_its_tickets_still_name_it(db: Database) -> None:
    await small_office(db)
    sari, lestari, found = await officer(db), await officer(db, "lestari"), await category(db, "akun")
    number = await filed(db, "akun")

    await db.write(categories.retire, lestari, found.id, NOW)

    assert await carried(db, number) == ["Akun"]
    other = str(await db.write(take_in, incoming("Halo", key="9", sender="9"), ids(), NOW))
    with pytest.raises(triage.UnknownCategory):
        await db.write(triage.tag, other, sari, "akun", key="", now=NOW)
    await db.write(triage.untag, number, sari, "akun", key="", now=NOW)
    assert await carried(db, number) == []
    await db.write(categories.revive, lestari, found.id, NOW)
    assert await category(db, "akun") == found


async def test_a_category_with_branches_is_not_retired(db: Database) -> None:
    await small_office(db)
    lestari, top = await officer(db, "lestari"), await category(db, "akun")
    await db.write(categories.create, lestari, Category(id=0, code="s", name="Sandi", parent=top.id), NOW)

    with pytest.raises(HasBranches, match="Sandi"):
        await db.write(categories.retire, lestari, top.id, NOW)


async def test_branches_go_along_with_a_merge_and_come_back(db: Database) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")
    source, target = await category(db, "akun"), await category(db, "akademik")
    below = await db.write(
        categories.create, lestari, Category(id=0, code="s", name="Sandi", parent=source.id), NOW
    )

    await db.write(categories.merge, lestari, source.id, target.id, NOW)
    assert (await office(db)).categories[below].parent == target.id
    await db.write(categories.part, lestari, source.id, NOW)

    assert (await office(db)).categories[below].parent == source.id


async def test_a_units_supervisor_changes_the_units_own_categories_alone(db: Database) -> None:
    extra = "  - {nama_pengguna: fitri, nama: Fitri, peran: [{lajur: supervisor, unit: feb}]}\n"
    await small_office(db)
    more = reading.read(f"petugas:\n{extra}")
    await db.write(office_file.bring_in, more, NOW - timedelta(days=1))
    fitri = await officer(db, "fitri")
    own, foreign, common = [await category(db, code) for code in ("keuangan", "akademik", "akun")]

    await db.write(categories.save, fitri, replace(own, name="Biaya"), NOW)
    acts: tuple[Callable[[Change], object], ...] = (
        lambda change: categories.save(change, fitri, replace(foreign, name="X"), NOW),
        lambda change: categories.retire(change, fitri, common.id, NOW),
        lambda change: categories.merge(change, fitri, own.id, foreign.id, NOW),
        lambda change: categories.retire(change, fitri, 9999, NOW),
    )
    for act in acts:
        with pytest.raises(CategoryAbsent):
            await db.write(act)
    with pytest.raises(NotAllowed):
        await db.write(categories.save, fitri, replace(own, unit=None), NOW)

    assert (await category(db, "keuangan")).name == "Biaya"


async def test_an_office_that_goes_out_and_comes_in_again_keeps_its_tree(db: Database) -> None:
    await small_office(db)
    lestari, top = await officer(db, "lestari"), await category(db, "akun")
    wanted = Category(
        id=0,
        code="sandi",
        name="Sandi",
        parent=top.id,
        retention_days=90,
        position=7,
        identity="checked",
        template_only=True,
        keywords=frozenset({"otp"}),
    )
    await db.write(categories.create, lestari, wanted, NOW)
    before = (await office(db)).categories
    text = await db.read(office_export.export, NOW)

    await db.write(office_file.bring_in, reading.read(text), NOW + MINUTE)

    assert (await office(db)).categories == before
    assert await db.read(office_export.export, NOW + MINUTE) == text


@pytest.mark.parametrize("days", ["-3", "0", "tiga", "99999999999999"])
async def test_a_file_with_a_retention_that_is_no_number_of_days_is_refused(days: str) -> None:
    with pytest.raises(reading.OfficeFaulty, match="retensi"):
        reading.read(f"kategori: [{{kode: a, nama: A, retensi: {days}}}]")


async def test_a_file_brings_a_merged_category_back(db: Database) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")
    source, target = await category(db, "akun"), await category(db, "akademik")
    await db.write(categories.merge, lestari, source.id, target.id, NOW)

    again = reading.read("kategori: [{kode: akun, nama: Akun}]")
    await db.write(office_file.bring_in, again, NOW)

    found = await db.read(kept.find, source.id)
    assert found and found.active and found.merged_into is None
