"""Reply templates go out as an archive and come in again as they were, as drafts; a bad archive brings in nothing."""

import io
import zipfile
from typing import Any

import pytest

from desk import bringing_replies, replies, reply_archive, templates
from desk.reply_archive import ArchiveFaulty, Packed
from sop.errors import NotAllowed
from sop.messages import File
from store import templates as kept
from store.db import Database
from store.templates import Variant
from tests.samples import NOW, officer, small_office

FILE = File(name="panduan.pdf", content_type="application/pdf", size=3, path="aa/aa", sha256="0")
ODD = "Yth. {{ nama }}:\n\n- satu\n---\n“dua” # tiga\n\t\U0001f44d"


async def stocked(db: Database) -> Any:
    await small_office(db)
    lestari = await officer(db, "lestari")
    await db.write(
        templates.save,
        lestari,
        code="panduan",
        name='Panduan: "satu" #2',
        body=ODD,
        language="id",
        now=NOW,
        unit=1,
        category=1,
        harmless=True,
        variants={"whatsapp": Variant("Halo *{{ nama }}*\n\nbaris: dua", "HX1"), "mail": Variant("Surel")},
        files=[FILE],
    )
    return lestari


async def test_what_goes_out_comes_in_the_same(db: Database) -> None:
    lestari = await stocked(db)
    out = await db.read(bringing_replies.going_out, lestari)
    data = reply_archive.pack([Packed(line, {each.name: b"pdf" for each in files}) for line, files in out])

    back = reply_archive.unpack("templat.zip", data)

    assert {each.line.code: each.line for each in back} == {line.code: line for line, _ in out}
    assert next(each.files for each in back if each.line.code == "panduan") == {"panduan.pdf": b"pdf"}
    assert reply_archive.pack(back) == data
    same = {("panduan", "id"): [FILE]}
    assert await db.write(bringing_replies.bring_in, lestari, back, same, NOW) == 0


async def test_what_is_new_comes_in_as_a_draft(db: Database) -> None:
    lestari = await stocked(db)
    line = replies.read("---\nkode: sandi\nnama: Sandi\n---\nBaru, {{ nama }}.")[0]
    assert line is not None

    assert await db.write(bringing_replies.bring_in, lestari, [Packed(line.template)], {}, NOW) == 1

    found = (await db.read(kept.versions, "sandi", "id"))[0]
    assert (found.state, found.body, found.version) == ("draft", "Baru, {{ nama }}.", 2)
    force = await db.read(kept.by_code, "sandi", "id")
    assert force is not None
    assert force.version == 1


async def test_a_unit_that_is_not_here_brings_in_nothing(sqlite: Database) -> None:
    lestari = await stocked(sqlite)
    good = replies.read("---\nkode: a\nnama: A\n---\nA")[0]
    bad = replies.read("---\nkode: b\nnama: B\nunit: teknik\n---\nB")[0]
    assert good is not None and bad is not None

    with pytest.raises(bringing_replies.Unknown, match="teknik"):
        await sqlite.write(
            bringing_replies.bring_in, lestari, [Packed(good.template), Packed(bad.template)], {}, NOW
        )
    assert await sqlite.read(kept.versions, "a", "id") == []
    with pytest.raises(NotAllowed):
        await sqlite.write(bringing_replies.bring_in, await officer(sqlite), [Packed(good.template)], {}, NOW)


def archive(packing: int = zipfile.ZIP_DEFLATED, /, **contents: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return target.getvalue()


GOOD = b"---\nkode: a\nnama: A\n---\nA"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 rusak", "rusak"),
        (archive(), "Tidak ada templat"),
        (archive(a=GOOD)[:-9], "rusak"),
        (archive(a=GOOD, b=b"\xff\xfe"), "bukan teks UTF-8"),
        (archive(a=GOOD, b=b"Halo"), "belum ada kode"),
        (archive(a=GOOD, b=b"---\nkode: b\nnama: B\n---\n\nHalo {{ nma }}"), "b, baris 6: kolom 9"),
        (archive(a=GOOD, b=b"---\nkode: b\nnama: B\nsurel: '{% raw %}'\n---\nB"), "varian mail"),
        (archive(a=b"0" * (11 * 1024 * 1024)), "terlalu besar"),
        (archive(zipfile.ZIP_BZIP2, a=GOOD), "tidak dikenal"),
        (archive(zipfile.ZIP_LZMA, a=GOOD), "tidak dikenal"),
        (archive(**{f"f{n}": GOOD for n in range(501)}), "terlalu banyak"),
        (b"Halo {{ nama }}", "belum ada kode"),
        (b"\x00\x01", "belum ada kode"),
    ],
)
def test_a_bad_file_is_refused_whole_with_its_place(data: bytes, words: str) -> None:
    with pytest.raises(ArchiveFaulty, match=words):
        reply_archive.unpack("templat", data)


def test_starters_go_out_as_they_came() -> None:
    for line in replies.starters():
        file, faults = replies.read(replies.write(line))
        assert faults == ()
        assert file is not None
        assert file.template == line
