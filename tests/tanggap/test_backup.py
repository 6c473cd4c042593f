"""A backup is one file that was read back, and comes back whole into an empty place or not at all."""

import asyncio
import io
import os
import shutil
import sqlite3
import tarfile
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from desk.files import Files
from sop.messages import File
from store import schema
from tanggap import backup, clock
from tanggap.archive import Told
from tanggap.settings import read_settings
from tests.peers import library
from tests.tanggap.called import Call, arrives, caller


@pytest.fixture
def call(config: str, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(capsys, config)


@pytest.fixture
def folder(config: str) -> Path:
    return Path(config).parent


def keep(folder: Path, content: bytes) -> File:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return asyncio.run(Files(folder / "data/files").keep(chunks(), limit=1_000_000))


def attach(folder: Path, file: File) -> None:
    """A row that refers to it."""
    with closing(sqlite3.connect(folder / "data/tanggap.db")) as connection, connection:
        connection.execute(
            "INSERT INTO attachment (message_id, kind, name, content_type, size, path, sha256)"
            " SELECT min(id), 'document', 'surat.pdf', 'application/pdf', ?, ?, ? FROM message",
            (file.size, file.path, file.sha256),
        )


def tickets(folder: Path) -> list[int]:
    with closing(sqlite3.connect(folder / "data/tanggap.db")) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM ticket ORDER BY id")]


def empty(folder: Path) -> None:
    shutil.rmtree(folder / "data")


def said(err: str) -> str:
    """The last line, which is the refusal."""
    return err.strip().splitlines()[-1]


@pytest.mark.parametrize("name", ["meja.tar", "meja.tar.gz"])
def test_what_was_backed_up_comes_back_into_an_empty_place(
    call: Call, config: str, folder: Path, tmp_path: Path, name: str
) -> None:
    arrives(config, "KRS saya terkunci", "UKT belum tercatat")
    file = keep(folder, b"surat keterangan")
    attach(folder, file)
    assert call("backup", str(tmp_path / name)).code == 0
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    empty(folder)

    restored = call("restore", str(tmp_path / name))

    assert restored.code == 0, restored.err
    assert "2 tiket, 4 pesan, 1 lampiran" in restored.out
    assert tickets(folder) == [1001, 1002]
    assert (folder / "data/files" / file.path).read_bytes() == b"surat keterangan"
    assert call("ticket", "list", "--json").records[0]["number"]
    assert list(tmp_path.glob("**/.tanggap-*")) == []


def test_what_had_not_left_is_held_back_for_a_person_to_decide(
    call: Call, config: str, folder: Path, tmp_path: Path
) -> None:
    arrives(config, "KRS saya terkunci")
    call("backup", str(tmp_path / "meja.tar"))
    empty(folder)

    restored = call("restore", str(tmp_path / "meja.tar"))

    assert "/gagal" in restored.out
    with closing(sqlite3.connect(folder / "data/tanggap.db")) as connection:
        rows = connection.execute("SELECT DISTINCT state, doubtful FROM outbox").fetchall()
        [last] = connection.execute("SELECT kind FROM audit ORDER BY id DESC LIMIT 1").fetchall()
    assert rows == [("unknown", 1)]
    assert last == ("restored",)


def test_a_place_that_holds_something_is_left_as_it_is(
    call: Call, config: str, folder: Path, tmp_path: Path
) -> None:
    call("backup", str(tmp_path / "meja.tar"))
    arrives(config, "KRS saya terkunci")

    refused = call("restore", str(tmp_path / "meja.tar"))

    assert refused.code == 1
    assert "sudah berisi" in refused.err
    assert tickets(folder) == [1001]


def test_files_without_a_database_are_no_empty_place(call: Call, folder: Path, tmp_path: Path) -> None:
    call("backup", str(tmp_path / "meja.tar"))
    (folder / "data/tanggap.db").unlink()
    keep(folder, b"milik siapa")

    assert "files sudah berisi" in call("restore", str(tmp_path / "meja.tar")).err


@pytest.mark.parametrize("share", [0.001, 0.3, 0.7, 0.98])
@pytest.mark.parametrize("name", ["meja.tar", "meja.tar.gz"])
def test_a_backup_that_was_cut_off_is_said_to_be_and_nothing_is_written(
    call: Call, config: str, folder: Path, tmp_path: Path, name: str, share: float
) -> None:
    arrives(config, "KRS saya terkunci")
    call("backup", str(tmp_path / name))
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
    empty(folder)

    refused = call("restore", str(tmp_path / name))

    assert refused.code == 1
    assert "terpotong" in refused.err or "bukan cadangan" in refused.err
    assert not (folder / "data").exists()


def test_a_changed_byte_is_named_by_where_it_is(call: Call, folder: Path, tmp_path: Path) -> None:
    file = keep(folder, b"surat keterangan lulus")
    call("backup", str(tmp_path / "meja.tar"))
    whole = (tmp_path / "meja.tar").read_bytes()
    (tmp_path / "meja.tar").write_bytes(whole.replace(b"keterangan lulus", b"keterangan palsu"))
    empty(folder)

    refused = call("restore", str(tmp_path / "meja.tar"))

    assert refused.code == 1
    assert f"rusak pada files/{file.path}" in refused.err
    assert not (folder / "data").exists()


def test_what_is_no_backup_is_said_to_be_none(call: Call, folder: Path, tmp_path: Path) -> None:
    empty(folder)
    (tmp_path / "foto.jpg").write_bytes(os.urandom(20_000))
    with tarfile.open(tmp_path / "lain.tar", "w") as tar:
        member = tarfile.TarInfo("../../jahat")
        member.size = 3
        tar.addfile(member, io.BytesIO(b"abc"))

    for name in ("foto.jpg", "lain.tar"):
        assert "bukan cadangan tanggap" in call("restore", str(tmp_path / name)).err
    assert "tidak ada" in call("restore", str(tmp_path / "tiada.tar")).err


def test_a_backup_of_another_desk_is_refused_until_it_is_wished(
    call: Call, folder: Path, tmp_path: Path
) -> None:
    call("backup", str(tmp_path / "meja.tar"))
    empty(folder)
    env = folder / ".env"
    env.write_text(env.read_text(encoding="utf-8").replace("TANGGAP_SECRET=", "TANGGAP_SECRET=x"))

    refused = call("restore", str(tmp_path / "meja.tar"))
    assert refused.code == 1
    assert "meja lain" in refused.err
    assert not (folder / "data").exists()
    assert call("restore", str(tmp_path / "meja.tar"), "--another-desk").code == 0


def test_a_backup_of_a_newer_version_is_refused(call: Call, folder: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(folder / "data/tanggap.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    call("backup", str(tmp_path / "meja.tar"))
    empty(folder)

    refused = call("restore", str(tmp_path / "meja.tar"))

    assert refused.code == 1
    assert f"0999; program ini baru mengenal versi {schema.HEAD}" in refused.err
    assert not (folder / "data").exists()


def test_a_chain_that_was_broken_before_the_backup_is_named_after_it_is_back(
    call: Call, config: str, folder: Path, tmp_path: Path
) -> None:
    arrives(config, "KRS saya terkunci", "UKT belum tercatat")
    with closing(sqlite3.connect(folder / "data/tanggap.db")) as connection, connection:
        connection.execute("UPDATE audit SET body = replace(body, 'by', 'bx') WHERE id = 2")
    call("backup", str(tmp_path / "meja.tar"))
    empty(folder)

    restored = call("restore", str(tmp_path / "meja.tar"))

    assert restored.code == 1
    assert "putus pada kejadian 2" in restored.err
    assert tickets(folder) == [1001, 1002]


def test_a_damaged_database_is_not_called_a_backup(
    call: Call, config: str, folder: Path, tmp_path: Path
) -> None:
    arrives(config, *(f"KRS saya terkunci {n}" for n in range(40)))
    path = folder / "data/tanggap.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'message'").fetchall()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)

    refused = call("backup", str(tmp_path / "meja.tar"))

    assert refused.code == 1
    assert "Basis data rusak" in refused.err
    assert "tanggap restore" in refused.err
    assert list(tmp_path.glob("meja.tar*")) == []


def test_a_file_that_is_gone_or_changed_is_told_and_the_backup_is_made(
    call: Call, config: str, folder: Path, tmp_path: Path
) -> None:
    arrives(config, "KRS saya terkunci")
    lost, spoiled = keep(folder, b"surat satu"), keep(folder, b"surat dua")
    attach(folder, lost)
    attach(folder, spoiled)
    (folder / "data/files" / lost.path).unlink()
    (folder / "data/files" / spoiled.path).write_bytes(b"surat tiga")

    made = call("backup", str(tmp_path / "meja.tar"))

    assert made.code == 0
    assert f"padahal disebut basis data: {lost.path}" in made.err
    assert f"Isinya bukan lagi yang dicatat basis data: {spoiled.path}" in made.err


def test_a_disk_without_room_is_told_of_before_anything_is_written(
    call: Call, folder: Path, tmp_path: Path
) -> None:
    huge = folder / "data/files/ab/abcd"
    huge.parent.mkdir()
    with huge.open("wb") as file:
        file.truncate(1 << 43)  # it takes no room itself

    refused = call("backup", str(tmp_path / "penuh/meja.tar"))

    assert refused.code == 1
    assert f"Ruang di {tmp_path}/penuh tidak cukup" in refused.err
    assert list((tmp_path / "penuh").iterdir()) == []


def test_a_database_that_cannot_be_opened_is_said_in_one_line(
    call: Call, folder: Path, tmp_path: Path
) -> None:
    (folder / "data/tanggap.db").write_bytes(os.urandom(9000))

    for words in (("backup", str(tmp_path / "a.tar")), ("migrate",)):
        refused = call(*words)
        assert refused.code == 1
        assert "Traceback" not in refused.err
        assert "Basis data" in said(refused.err)


def test_a_name_that_says_sealed_needs_a_recipient(call: Call, tmp_path: Path) -> None:
    said = call("backup", str(tmp_path / "meja.tar.gz.age"))

    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert "--recipient" in said.err
    assert not (tmp_path / "meja.tar.gz.age").exists()


def test_no_backup_is_written_over_another(call: Call, tmp_path: Path) -> None:
    call("backup", str(tmp_path / "meja.tar"))

    assert "tidak ditimpa" in call("backup", str(tmp_path / "meja.tar")).err


def test_a_backup_that_is_stopped_leaves_nothing(config: str, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop_at(stage: str) -> Told:
        def told(at: str, done: int, of: int) -> None:
            if at == stage:
                raise Stopped

        return told

    keep(Path(config).parent, b"surat")
    for stage in ("database", "files", "verify"):
        with pytest.raises(Stopped):
            settings = read_settings(Path(config), os.environ)
            backup.take(settings, tmp_path / "kosong/meja.tar", now=clock.now(), told=stop_at(stage))
        assert list((tmp_path / "kosong").iterdir()) == []


def test_a_sealed_backup_opens_for_its_key_alone_and_brings_the_settings(
    call: Call, config: str, folder: Path, tmp_path: Path
) -> None:
    library("age", "pyrage")
    arrives(config, "KRS saya terkunci")
    recipient = call("backup", "--new-key", str(tmp_path / "kunci")).out.strip()
    call("backup", "--new-key", str(tmp_path / "lain"))
    sealed = tmp_path / "meja.tar.gz.age"
    assert call("backup", str(sealed), "--recipient", recipient).code == 0
    secret = (folder / ".env").read_text(encoding="utf-8")
    assert b"KRS saya" not in sealed.read_bytes()
    shutil.rmtree(folder)

    assert "tersandi" in call("restore", str(sealed), "--config", str(tmp_path / "x.yaml"), desk=False).err
    assert "Kunci itu bukan kunci" in call("restore", str(sealed), "--key", str(tmp_path / "lain")).err
    assert not folder.exists()
    restored = call("restore", str(sealed), "--key", str(tmp_path / "kunci"))

    assert restored.code == 0, restored.err
    assert tickets(folder) == [1001]
    assert (folder / ".env").read_text(encoding="utf-8") == secret
    assert (folder / ".env").stat().st_mode & 0o777 == 0o600


def test_a_sealed_backup_that_was_cut_off_or_altered_is_refused(
    call: Call, folder: Path, tmp_path: Path
) -> None:
    library("age", "pyrage")
    recipient = call("backup", "--new-key", str(tmp_path / "kunci")).out.strip()
    keep(folder, os.urandom(300_000))
    call("backup", str(tmp_path / "meja.tar.age"), "--recipient", recipient)
    whole = (tmp_path / "meja.tar.age").read_bytes()
    empty(folder)
    for wrong in (whole[:-10], whole[: len(whole) // 2], whole[:-5000] + b"x" + whole[-4999:]):
        (tmp_path / "rusak.age").write_bytes(wrong)
        refused = call("restore", str(tmp_path / "rusak.age"), "--key", str(tmp_path / "kunci"))
        assert refused.code == 1
        assert "terpotong" in refused.err
        assert not (folder / "data").exists()


def test_a_wrong_recipient_is_named(call: Call, tmp_path: Path) -> None:
    library("age", "pyrage")

    assert "age1" in call("backup", str(tmp_path / "a.age"), "--recipient", "age1salah").err
    assert list(tmp_path.glob("a.age")) == []
