"""After the push: errata, withdrawal, pins, receipts, and the archive that the chain of events vouches for (P14)."""

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from desk import archiving, errata, publishing, push_receipts, pushing, seal, sending
from desk.archive_check import Differs, NotOurs, Whole, check
from desk.errata import ErratumWaits, NoErratum, NotOut, NotTheChecker
from desk.publishing import TimePast
from sop.announcement import NotCarried, link_of
from sop.errors import NotFound
from sop.messages import File, Outgoing, Receipt
from store import contacts, pushes, targets
from store.db import Change, Database, View
from tests.flows.publishing import Chain
from tests.flows.test_pushing import begin, deliver, feed, ordered, standing
from tests.offices import wib


async def pushed(db: Database, people: int = 3) -> Chain:
    chain = await ordered(db, people)
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")
    await deliver(chain, "02-18 11.12")
    await feed(chain, "02-18 11.13")
    return chain


async def left(chain: Chain, at: str) -> list[Outgoing]:
    """What goes out now, all of it taken."""
    went = []
    while letters := await chain.db.write(sending.claim, "telegram", wib(at), 50):
        for letter in letters:
            went.append(letter.outgoing)
            receipt = Receipt(external_id=letter.outgoing.edits or f"{letter.outgoing.to}:{letter.id}")
            await chain.db.write(sending.sent, letter, receipt, wib(at))
    return went


async def propose(chain: Chain, text: str, at: str, login: str = "petugas") -> None:
    actor = await chain.officer(login, at)
    await chain.db.write(errata.propose, chain.number, actor, text, key="", now=wib(at))


async def approve(chain: Chain, at: str, login: str = "wk-humas") -> None:
    actor = await chain.officer(login, at)
    await chain.db.write(errata.approve, chain.number, actor, key="", now=wib(at))


async def test_an_erratum_edits_every_post_once_the_checking_lane_found_it_fit(db: Database) -> None:
    chain = await pushed(db)
    await propose(chain, "Wisuda pada 13 Desember.", "02-18 12.00")
    await feed(chain, "02-18 12.01")
    assert await left(chain, "02-18 12.01") == []
    with pytest.raises(NotTheChecker):
        await approve(chain, "02-18 12.02", "petugas")
    with pytest.raises(ErratumWaits):
        await propose(chain, "Wisuda pada 14 Desember.", "02-18 12.02")

    await approve(chain, "02-18 12.05")
    await feed(chain, "02-18 12.05")
    went = await left(chain, "02-18 12.05")
    await feed(chain, "02-18 12.06")

    assert [(each.text, bool(each.edits)) for each in went] == [("Wisuda pada 13 Desember.", True)] * 4
    last = (await db.read(pushes.of_publication, int(chain.number[2:])))[-1]
    assert (last.kind, last.state, last.total) == ("erratum", "done", 4)
    assert [each for each in await chain.events() if each.startswith("erratum")] == [
        "erratum.proposed",
        "erratum.approved",
    ]
    with pytest.raises(NoErratum):
        await approve(chain, "02-18 12.07")


async def test_who_never_got_it_hears_of_no_erratum(sqlite: Database) -> None:
    chain = await ordered(sqlite, 3)
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")
    await deliver(chain, "02-18 11.12", failing="5001")
    await feed(chain, "02-18 11.13")

    await propose(chain, "Ralat.", "02-18 12.00")
    await approve(chain, "02-18 12.01")
    await feed(chain, "02-18 12.01")

    assert "5001" not in [each.to for each in await left(chain, "02-18 12.01")]


async def test_nothing_is_corrected_before_all_has_gone_out(sqlite: Database) -> None:
    chain = await ordered(sqlite)
    with pytest.raises(NotOut):
        await propose(chain, "Ralat.", "02-18 11.11")


async def test_a_withdrawal_deletes_what_is_young_and_else_says_so(db: Database) -> None:
    chain = await pushed(db)
    actor = await chain.officer("petugas", "02-18 12.00")
    with pytest.raises(NotTheChecker):
        await db.write(errata.take_back, chain.number, actor, "salah", key="", now=wib("02-18 12.00"))
    checker = await chain.officer("wk-humas", "02-21 12.00")
    await db.write(errata.take_back, chain.number, checker, "Tempat berubah.", key="", now=wib("02-21 12.00"))
    await feed(chain, "02-21 12.00")
    went = await left(chain, "02-21 12.00")

    assert [(each.to, bool(each.deletes), bool(each.edits)) for each in went] == [
        ("-1001", True, False),
        ("5000", False, True),
        ("5001", False, True),
        ("5002", False, True),
    ]
    assert "Tempat berubah." in went[1].text
    await feed(chain, "02-21 12.01")
    with pytest.raises(NotOut):
        await propose(chain, "Ralat.", "02-21 12.02")


async def test_a_pin_follows_the_push_and_ends_at_its_time(db: Database) -> None:
    chain = await ordered(db, 2)
    actor = await chain.officer("petugas", "02-18 11.11")
    now, until = wib("02-18 11.11"), wib("02-20 08.00")
    with pytest.raises(TimePast):
        await db.write(pushing.begin, chain.number, actor, pin_until=now, key="", now=now)
    await db.write(pushing.begin, chain.number, actor, pin_until=until, key="", now=now)
    await feed(chain, "02-18 11.11")
    await deliver(chain, "02-18 11.12")
    await feed(chain, "02-18 11.13")
    await feed(chain, "02-18 11.13")

    pinned = await left(chain, "02-18 11.14")
    await feed(chain, "02-20 07.59")
    assert await left(chain, "02-20 07.59") == []
    await feed(chain, "02-20 08.00")
    freed = await left(chain, "02-20 08.00")

    assert [each.to for each in pinned] == [each.to for each in freed] == ["-1001"]
    assert pinned[0].pins == freed[0].unpins != ""


async def test_who_left_after_the_order_gets_none_and_the_receipt_says_why(db: Database) -> None:
    chain = await ordered(db, 3)
    await begin(chain, "02-18 11.11")
    await db.write(targets.leave, None, "telegram", "5001", at=wib("02-18 11.11"))
    await feed(chain, "02-18 11.11")

    assert "5001" not in await deliver(chain, "02-18 11.12")
    found = await standing(chain)

    def receipts(view: View) -> list[str]:
        return [each["sebab"] for each in push_receipts.every(view, found) if each["keadaan"] == "withdrawn"]

    assert await db.read(receipts) == [pushing.LEFT]


async def test_a_subscriber_who_blocked_us_is_not_asked_again(db: Database) -> None:
    chain = await ordered(db, 3)
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")
    await deliver(chain, "02-18 11.12", failing="5001")

    known = await db.read(contacts.address, "telegram", "5001")
    assert known is not None
    assert known.state == "blocked"
    other = Chain(db, target=chain.target)
    await other.ask("02-18 13.00")
    topic = (await db.read(targets.every))[-1]
    number = int(other.number[2:])
    await db.write(pushes.freeze, number, topic.id, "subscribers")
    assert "5001" not in [each.address for each in await db.read(pushes.recipients, number)]


async def test_a_place_that_refuses_us_says_so_in_its_list_and_is_refused_at_the_next_order(
    sqlite: Database,
) -> None:
    chain = await ordered(sqlite, 1)
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")
    await deliver(chain, "02-18 11.12", failing="-1001")

    [place] = [each for each in await sqlite.read(targets.every) if each.id == chain.target]
    assert (place.state, place.reason) == ("refused", "diblokir")
    with pytest.raises(NotCarried, match="diblokir"):
        await ordered_again(chain)


async def ordered_again(chain: Chain) -> None:
    await chain.ask("02-18 13.00")
    await chain.go("wr3", "disposisi", "02-18 13.01")
    await chain.choose("bpkh", "02-18 13.02")
    await chain.go("bpkh", "instruksi", "02-18 13.03")
    await chain.go("koor-pkih", "instruksi", "02-18 13.04")
    await chain.tick("wk-humas", "02-18 13.05")
    await chain.go("wk-humas", "layak", "02-18 13.06")
    await chain.go("wk-humas", "instruksi", "02-18 13.07")


async def test_words_too_long_for_one_post_are_refused_at_the_order(sqlite: Database) -> None:
    chain = Chain(sqlite)
    await chain.office("02-13 15.55")
    await chain.ask("02-13 15.55")
    await chain.write("wk-humas", "x" * 4097, "02-13 15.56", read=1)
    await chain.go("wr3", "disposisi", "02-18 13.01")
    await chain.choose("bpkh", "02-18 13.02")
    await chain.go("bpkh", "instruksi", "02-18 13.03")
    await chain.go("koor-pkih", "instruksi", "02-18 13.04")
    await chain.tick("wk-humas", "02-18 13.05")
    await chain.go("wk-humas", "layak", "02-18 13.06")

    with pytest.raises(NotCarried, match="4096"):
        await chain.go("wk-humas", "instruksi", "02-18 13.07")


async def test_whatsapp_without_an_approved_template_is_refused_at_the_order(sqlite: Database) -> None:
    chain = await ordered(sqlite, 1)

    def add(change: Change) -> int:
        [topic, *_] = targets.topics(change)
        targets.join(
            change, topic.id, "whatsapp", "whatsapp:+6281234567890", contact=None, at=wib("02-18 12.00")
        )
        return targets.add(
            change,
            kind="subscribers",
            channel="whatsapp",
            address="",
            name="WA mahasiswa",
            topic=topic.id,
            unit=None,
            at=wib("02-18 12.00"),
        )

    chain.target = await sqlite.write(add)
    with pytest.raises(NotCarried, match="templat"):
        await ordered_again(chain)


async def test_a_trial_goes_to_the_officers_own_chat_alone(sqlite: Database) -> None:
    chain = await ordered(sqlite)
    actor = await chain.officer("petugas", "02-18 11.11")

    await sqlite.write(errata.try_out, chain.number, actor, key="", now=wib("02-18 11.11"))

    went = await left(chain, "02-18 11.11")
    assert [(each.to, each.text) for each in went] == [("petugas", "Wisuda periode IV pada 12 Desember.")]
    assert (await standing(chain)).published_at is None


async def test_receipts_are_a_list_without_formulas_and_without_peoples_addresses(db: Database) -> None:
    chain = await pushed(db)
    found = await standing(chain)
    out = io.BytesIO()

    assert await db.read(push_receipts.write, found, "csv", out, "Asia/Jakarta") == 4
    lines = out.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "saluran,sasaran,penerima,keadaan,id_pesan,tautan,waktu,dikirim_lagi,sebab"
    assert lines[1].startswith("telegram,Kabar Contoh,'-1001,sent,")
    assert "5000" not in lines[2].split(",")[2]


def test_the_link_of_a_post_is_where_people_read_it() -> None:
    assert link_of("telegram", "-1001234", "-1001234:77") == "https://t.me/c/1234/77"
    assert link_of("telegram", "-1001234", "-1001234:77", "https://t.me/kabar") == "https://t.me/kabar/77"
    assert link_of("telegram", "@kabar", "@kabar:77") == "https://t.me/kabar/77"
    assert link_of("telegram", "5000", "5000:77") == ""


# the archive


async def archived(db: Database, root: Path) -> Chain:
    chain = await ordered(db, 3)
    (root / "aa").mkdir()
    (root / "aa" / "surat").write_bytes(b"%PDF-1.7 surat")
    letter = File(
        name="../surat.pdf",
        content_type="application/pdf",
        size=14,
        path="aa/surat",
        sha256=sha256(b"%PDF-1.7 surat").hexdigest(),
    )
    actor = await chain.officer("petugas", "02-18 11.11")
    await db.write(
        publishing.enclose, chain.number, actor, "letter", [letter], key="", now=wib("02-18 11.11")
    )
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")
    await deliver(chain, "02-18 11.12", failing="5001")
    await feed(chain, "02-18 11.13")
    await chain.go("petugas", "arsipkan", "02-18 11.15")
    return chain


async def test_an_archive_is_the_same_whenever_it_is_made_and_fits_the_chain(
    db: Database, tmp_path: Path
) -> None:
    chain = await archived(db, tmp_path)
    found = await standing(chain)
    kept = await db.read(archiving.get, found)

    data = seal.packed(kept, tmp_path, "Asia/Jakarta")

    assert data == seal.packed(await db.read(archiving.get, found), tmp_path, "Asia/Jakarta")
    sealed = await db.read(archiving.editions, found)
    assert sealed == [kept.sha256]
    assert seal.broken(data, sealed) == ""
    assert await check(db, "arsip.zip", data, tmp_path) == Whole(chain.number, 1, 1, True)
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        assert bundle.namelist() == [
            "disposisi.json",
            "index.html",
            "manifest.json",
            "narasi.json",
            "penyebaran.json",
            "permohonan.json",
            "sasaran.json",
            "surat/01.pdf",
            "tanda-terima.json",
        ]
        page = bundle.read("index.html").decode()
        sheet = json.loads(bundle.read("disposisi.json"))
    assert [(each["langkah"][:2], each["pelaksana"], each["putusan"]) for each in sheet][3:5] == [
        ("4.", "Wakil Koordinator Humas", "Layak"),
        ("5.", "Wakil Koordinator Humas", "Instruksikan"),
    ]
    assert "18 Februari 2026, 11.15 WIB" in page and "2026-02-18" not in page
    assert "tidak sampai 1" in page and "<td>pelanggan</td>" in page and "subscribers" not in page
    assert "diblokir" in page
    assert "http" not in page.replace("https://t.me/", "")


def rewritten(data: bytes, contents: dict[str, bytes]) -> bytes:
    """The ZIP with these contents in place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in dict.fromkeys([*before.namelist(), *contents]):
            after.writestr(name, contents[name] if name in contents else before.read(name))
    return out.getvalue()


async def test_a_part_that_was_changed_is_found(sqlite: Database, tmp_path: Path) -> None:
    chain = await archived(sqlite, tmp_path)
    found = await standing(chain)
    kept = await sqlite.read(archiving.get, found)
    data = seal.packed(kept, tmp_path, "Asia/Jakarta")

    assert seal.broken(data, ["0" * 64]) == "manifest.json"
    for name, spoiled in {
        "surat/01.pdf": rewritten(data, {"surat/01.pdf": b"%PDF-1.7 palsu"}),
        "tambahan.pdf": rewritten(data, {"tambahan.pdf": b"%PDF-1.7 palsu"}),
        "manifest.json": rewritten(data, {"manifest.json": seal.canonical(chain.number, [])}),
    }.items():
        with pytest.raises(Differs) as said:
            await check(sqlite, "arsip.zip", spoiled, tmp_path)
        assert said.value.params["what"] == name
    for foreign in (b"bukan zip", b"", rewritten(data, {"manifest.json": seal.canonical("P-9999", [])})):
        with pytest.raises(NotOurs):
            await check(sqlite, "arsip.zip", foreign, tmp_path)
    other_page = rewritten(data, {"index.html": b"<p>lain</p>"})
    assert (await check(sqlite, "arsip.zip", other_page, tmp_path)).page is False
    (tmp_path / "aa" / "surat").write_bytes(b"%PDF-1.7 palsu")
    with pytest.raises(seal.ArchiveBroken, match=r"surat/01\.pdf"):
        seal.packed(kept, tmp_path, "Asia/Jakarta")


async def test_a_late_withdrawal_is_archived_too(sqlite: Database, tmp_path: Path) -> None:
    chain = await archived(sqlite, tmp_path)
    found = await standing(chain)
    before = await sqlite.read(archiving.get, found)
    older = seal.packed(before, tmp_path, "Asia/Jakarta")
    checker = await chain.officer("wk-humas", "02-18 14.00")
    await sqlite.write(errata.take_back, chain.number, checker, "Batal.", key="", now=wib("02-18 14.00"))
    await feed(chain, "02-18 14.00")
    await left(chain, "02-18 14.00")
    await feed(chain, "02-18 14.01")

    after = await sqlite.read(archiving.get, found)
    assert after.sha256 != before.sha256
    assert (await sqlite.read(archiving.editions, found))[-1] == after.sha256
    editions = len(await sqlite.read(archiving.editions, found))
    assert await check(sqlite, "lama.zip", older, tmp_path) == Whole(chain.number, 1, editions, None)
    assert "Batal." in after.manifest["texts"]["penyebaran.json"]


async def test_what_is_under_way_has_no_archive(sqlite: Database) -> None:
    chain = await ordered(sqlite)
    with pytest.raises(NotFound):
        await sqlite.read(archiving.get, await standing(chain))
