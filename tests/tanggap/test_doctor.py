"""The doctor names what is wrong with a desk and how it is mended, and says so to a monitor by its exit code."""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from store.migrate import migrate
from tanggap import clock
from tanggap.diagnosis import Grade
from tanggap.doctor import diagnose
from tanggap.house import open_house
from tanggap.settings import read_settings
from tests.peers import free_port, serve
from tests.tanggap.called import Call, arrives, caller
from tests.tanggap.ills import TOKEN, examined, is_trouble, is_warning, rewrite


@pytest.fixture
def call(config: str, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(capsys, config)


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path.parent / "data/tanggap.db")) as connection, connection:
        for sql in statements:
            connection.execute(sql)


def test_a_new_desk_is_well(call: Call) -> None:
    done = call("doctor")

    assert done.code == 0, done.out
    assert "0 masalah" in done.out


def test_each_finding_is_one_json_object(call: Call) -> None:
    records = call("doctor", "--json").records

    assert {"clock", "disk", "secrets", "database", "files", "outbox", "backup"} <= {
        r["about"] for r in records
    }
    assert all(set(record) == {"about", "grade", "words", "remedy"} for record in records)


def test_settings_with_mistakes_are_named_by_line(call: Call, path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("counter: {}", "countr: {}"), encoding="utf-8")

    done = call("doctor")

    assert done.code == 1
    assert "maksud Anda counter?" in done.out
    assert "tanggap check" in done.out


async def test_a_desk_that_does_not_serve_one_that_does_and_a_stranger_at_its_port(path: Path) -> None:
    port = free_port()
    await asyncio.to_thread(rewrite, path, server={"port": port})
    assert is_warning((await examined(path))["serving"], "tidak berjalan")

    async with open_house(read_settings(path, os.environ)) as house:
        house.loops["delivery"] = True
        async with serve(house.front, port=port, lifespan="off"):
            assert (await examined(path))["serving"].grade is Grade.WELL
            house.loops["delivery"] = False
            assert is_trouble((await examined(path))["serving"], "delivery")

    async with serve(stranger, port=port, lifespan="off"):
        assert is_warning((await examined(path))["serving"], "bukan meja ini")


async def stranger(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"halo"})


async def test_a_database_that_is_gone(path: Path) -> None:
    (path.parent / "data/tanggap.db").unlink()

    assert is_trouble((await examined(path))["database"], "tidak ada")
    assert not (path.parent / "data/tanggap.db").exists()


async def test_a_file_that_is_no_database(path: Path) -> None:
    (path.parent / "data/tanggap.db").write_bytes(os.urandom(9000))

    assert is_trouble((await examined(path))["database"], "tidak dapat dibuka")


async def test_a_schema_that_is_older(path: Path) -> None:
    (path.parent / "data/tanggap.db").unlink()
    await asyncio.to_thread(migrate, f"sqlite:///{path.parent}/data/tanggap.db", "0002")

    finding = (await examined(path))["database"]

    assert is_trouble(finding, "0002")
    assert finding.remedy == "tanggap migrate"


async def test_a_schema_that_is_newer(path: Path) -> None:
    change(path, "UPDATE alembic_version SET version_num = '0999'")

    assert is_trouble((await examined(path))["database"], "0999")


async def test_a_damaged_page(path: Path) -> None:
    await asyncio.to_thread(arrives, str(path), *(f"KRS saya terkunci {n}" for n in range(40)))
    file = path.parent / "data/tanggap.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'audit'").fetchall()
    await asyncio.to_thread(_spoil, file, (page - 1) * 4096)

    found = await examined(path)
    assert is_trouble(found["database"], "rusak")
    assert "sisa" in found["disk"].words


def _spoil(file: Path, at: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(b"\xff" * 4096)


async def test_a_clock_that_was_set_back_a_day(path: Path) -> None:
    finding = (await examined(path, now=lambda: clock.now() - timedelta(days=1)))["clock"]

    assert is_trouble(finding, "jam mesin mundur")
    assert "timedatectl" in finding.remedy


async def test_rows_without_files_and_files_without_rows(path: Path) -> None:
    await asyncio.to_thread(arrives, str(path), "KRS saya terkunci")
    change(
        path,
        "INSERT INTO attachment (message_id, kind, name, content_type, size, path, sha256)"
        " SELECT min(id), 'photo', 'a.jpg', 'image/jpeg', 3, 'ab/abcd', '' FROM message",
    )
    assert is_trouble((await examined(path))["files"], "1 lampiran tidak ada", "ab/abcd")

    spare = path.parent / "data/files/cd/cdef"
    await asyncio.to_thread(_leave, spare)
    (path.parent / "data/files/ab").mkdir()
    (path.parent / "data/files/ab/abcd").write_bytes(b"abc")
    assert is_warning((await examined(path))["files"], "1 berkas tidak dirujuk", "cd/cdef")


def _leave(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"abc")
    os.utime(file, (1, 1))


async def test_a_folder_that_is_gone(path: Path) -> None:
    await asyncio.to_thread((path.parent / "data/files").rmdir)

    assert is_trouble((await examined(path))["disk"], "files tidak ada")


async def test_what_waits_what_died_and_what_is_parked(path: Path) -> None:
    await asyncio.to_thread(arrives, str(path), "KRS saya terkunci", "UKT belum tercatat")
    change(
        path,
        "UPDATE outbox SET state = 'failed' WHERE id = 1",
        "INSERT INTO parked (channel, external_id, raw, reason, parked_at) VALUES ('mail', 'x', x'00', 'rusak', '2026-03-02')",
    )
    found = await examined(path)

    assert is_trouble(found["outbox"], "1 pesan keluar lewat", "menunggu")
    assert is_warning(found["parked"], "1 pesan masuk")
    change(path, "UPDATE outbox SET state = 'failed'")
    assert is_warning((await examined(path))["outbox"], "2 pesan tidak terkirim")


async def test_backups_that_nobody_took_that_failed_and_that_are_old(path: Path, call: Call) -> None:
    assert is_warning((await examined(path))["backup"], "belum pernah")
    await asyncio.to_thread(rewrite, path, backup={"folder": "cadangan"})
    assert is_trouble((await examined(path))["backup"], "belum pernah")

    await asyncio.to_thread(call, "backup", str(path.parent / "tangan.tar"))
    assert (await examined(path))["backup"].grade is Grade.WELL
    later = (await examined(path, now=lambda: clock.now() + timedelta(days=2)))["backup"]
    assert is_trouble(later, "48 jam")
    (path.parent / "tangan.tar").unlink()
    assert is_trouble((await examined(path))["backup"], "tidak ada lagi")
    change(
        path,
        "UPDATE memory SET value_json = json_set(value_json, '$.good', json('false'), '$.reason', 'disk penuh')"
        " WHERE name = 'backup'",
    )
    assert is_trouble((await examined(path))["backup"], "disk penuh")


async def test_secrets_that_lie_open(path: Path) -> None:
    (path.parent / "data").chmod(0o755)
    (path.parent / "data/tanggap.db").chmod(0o644)
    telegram = {"token": TOKEN, "api": "http://127.0.0.1:9"}
    await asyncio.to_thread(
        rewrite, path, channels={"telegram": telegram}, desk={"public_url": "http://care.contoh.ac.id"}
    )

    found = await asyncio.to_thread(diagnose, path, os.environ, clock.now, nameservers=("127.0.0.1", 9))
    said = [each.words for each in found if each.about == "secrets"]

    assert any("tanggap.db dapat dibaca pengguna lain" in words for words in said)
    assert any("channels.telegram.token tertulis langsung" in words for words in said)
    assert any("public_url memakai http" in words for words in said)
    assert not any(TOKEN in f"{each.words}{each.remedy}" for each in found)


async def test_secrets_that_others_may_read_are_a_mistake_of_the_settings(path: Path) -> None:
    (path.parent / ".env").chmod(0o644)

    assert is_trouble((await examined(path))["settings"], "chmod 600")
