"""The doctor names what is wrong with a desk and how it is mended, and says so to a monitor by its exit code."""

import asyncio
import os
import sqlite3
import ssl
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.mailbox import Mailbox
from demo.telegram import Telegram
from demo.twilio import Twilio
from store.migrate import migrate
from tanggap import clock
from tanggap.diagnosis import Finding, Grade
from tanggap.doctor import diagnose
from tanggap.house import open_house
from tanggap.settings import read_settings
from tests.peers import free_port, imap, serve
from tests.tanggap.called import Call, arrives, caller
from tests.tanggap.ills import names, rewrite, secure

TOKEN = "110001:publik"
SECRET = "rahasia_webhook_yang_panjang"
MAIL = {"address": "care@contoh.ac.id", "inbox": "maildir:/tiada", "outbox": "smtp://127.0.0.1:9"}
GOOD_NAMES = {
    "contoh.ac.id": "v=spf1 mx -all",
    "_dmarc.contoh.ac.id": "v=DMARC1; p=quarantine",
    "mail._domainkey.contoh.ac.id": "v=DKIM1; p=MIGf",
}


@pytest.fixture
def call(config: str, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(capsys, config)


@pytest.fixture
def path(config: str) -> Path:
    return Path(config)


async def examined(
    path: Path,
    *,
    now: Callable[[], datetime] = clock.now,
    nameservers: tuple[str, int] = ("127.0.0.1", 9),
    trust: ssl.SSLContext | None = None,
) -> dict[str, Finding]:
    """The gravest finding of each look."""
    found = await asyncio.to_thread(diagnose, path, os.environ, now, nameservers=nameservers, trust=trust)
    order = list(Grade)
    return {each.about: each for each in sorted(found, key=lambda each: order.index(each.grade))}


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path.parent / "data/tanggap.db")) as connection, connection:
        for sql in statements:
            connection.execute(sql)


def is_trouble(finding: Finding, *words: str) -> bool:
    return finding.grade is Grade.TROUBLE and bool(finding.remedy) and all(w in finding.words for w in words)


def is_warning(finding: Finding, *words: str) -> bool:
    return finding.grade is Grade.WARNING and bool(finding.remedy) and all(w in finding.words for w in words)


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


async def test_a_bots_token_that_its_provider_refuses(path: Path, tmp_path: Path) -> None:
    async with Telegram(tmp_path / "telegram", clock.now) as sim, serve(sim.app) as api:
        sim.add_bot(TOKEN, "layanan_contoh_bot", "Layanan Contoh")
        bots = {"staff": {"token": "110002:tercabut", "api": api}}
        await asyncio.to_thread(rewrite, path, channels={"telegram": {"token": TOKEN, "api": api}}, bots=bots)

        found = await examined(path)

        assert found["telegram"].grade is Grade.WELL
        assert "layanan_contoh_bot" in found["telegram"].words
        assert is_trouble(found["staff"], "menolak token di bots.staff.token")


async def test_a_webhook_that_leads_elsewhere_and_one_that_fails(path: Path, tmp_path: Path) -> None:
    async with Telegram(tmp_path / "telegram", clock.now) as sim, serve(sim.app) as api:
        sim.add_bot(TOKEN, "layanan_contoh_bot", "Layanan Contoh")
        hooked = {"token": TOKEN, "api": api, "mode": "webhook", "secret": SECRET}
        await asyncio.to_thread(rewrite, path, channels={"telegram": hooked})
        assert is_trouble(
            (await examined(path))["telegram.webhook"], "seharusnya http://127.0.0.1:8080/hooks/telegram"
        )

        bot = sim.world.bot(TOKEN)
        bot["webhook"] = {
            "url": "http://127.0.0.1:8080/hooks/telegram",
            "last_error_date": int(datetime.now(UTC).timestamp()),
            "last_error_message": "Connection refused",
        }
        sim.world.memory.put("bot", TOKEN, bot)
        assert is_trouble((await examined(path))["telegram.webhook"], "Connection refused")

        await asyncio.to_thread(rewrite, path, channels={"telegram": {"token": TOKEN, "api": api}})
        assert is_trouble((await examined(path))["telegram.webhook"], "padahal mode polling")


async def test_a_twilio_account_that_is_refused_or_suspended(path: Path, tmp_path: Path) -> None:
    async with Twilio(tmp_path / "twilio", clock.now) as sim, serve(sim.app) as api:
        block = {
            "account_sid": sim.account.sid,
            "from": "whatsapp:+628110000000",
            "api": api,
            "content_api": api,
        }
        await asyncio.to_thread(rewrite, path, channels={"whatsapp": block | {"auth_token": "rahasia"}})
        assert (await examined(path))["whatsapp"].grade is Grade.WELL
        sim.suspended = True
        assert is_trouble((await examined(path))["whatsapp"], "tidak aktif: suspended")
        await asyncio.to_thread(rewrite, path, channels={"whatsapp": block | {"auth_token": "salah"}})
        assert is_trouble((await examined(path))["whatsapp"], "menolak")


async def test_a_provider_that_is_away_is_named_without_its_token(path: Path) -> None:
    api = f"http://127.0.0.1:{free_port()}"
    await asyncio.to_thread(rewrite, path, channels={"telegram": {"token": TOKEN, "api": api}})

    finding = (await examined(path))["telegram"]

    assert is_trouble(finding, "tidak dapat dihubungi")
    assert TOKEN not in finding.words


async def test_mail_servers_that_refuse_the_password(path: Path, tmp_path: Path) -> None:
    async with imap() as inbox, Mailbox(tmp_path, clock.now, login=("care", "sandi")) as relay:
        good = MAIL | {"inbox": inbox.url, "outbox": relay.smtp_url}
        await asyncio.to_thread(rewrite, path, channels={"mail": good})
        found = await examined(path)
        assert (found["mail.inbox"].grade, found["mail.outbox"].grade) == (Grade.WELL, Grade.WELL)

        wrong = {
            "inbox": inbox.url.replace("demopass", "lupa"),
            "outbox": relay.smtp_url.replace("sandi", "lupa"),
        }
        await asyncio.to_thread(rewrite, path, channels={"mail": good | wrong})
        found = await examined(path)
        assert is_trouble(found["mail.inbox"], "menolak pengguna atau kata sandi di channels.mail.inbox")
        assert is_trouble(found["mail.outbox"], "menolak pengguna atau kata sandi di channels.mail.outbox")


async def test_mail_that_goes_nowhere(path: Path) -> None:
    await asyncio.to_thread(
        rewrite, path, channels={"mail": MAIL | {"outbox": f"smtp://127.0.0.1:{free_port()}"}}
    )
    found = await examined(path)

    assert is_trouble(found["mail.inbox"], "Maildir tidak ada")
    assert is_trouble(found["mail.outbox"], "tidak dapat dihubungi")


async def test_a_mail_servers_certificate_that_ran_out(path: Path, tmp_path: Path) -> None:
    async with secure(tmp_path, days=-3) as (port, trust):
        mail = MAIL | {
            "inbox": f"imaps://care:sandi@localhost:{port}/INBOX",
            "outbox": f"smtps://care:sandi@localhost:{port}",
        }
        await asyncio.to_thread(rewrite, path, channels={"mail": mail})
        found = await examined(path, trust=trust)

    for about in ("mail.inbox", "mail.outbox"):
        assert is_trouble(found[about], f"sertifikat localhost:{port} sudah habis masanya")


async def test_a_providers_certificate_that_is_refused(path: Path, tmp_path: Path) -> None:
    async with secure(tmp_path, days=60) as (port, _trust):
        api = {"token": TOKEN, "api": f"https://localhost:{port}"}
        await asyncio.to_thread(rewrite, path, channels={"telegram": api})
        finding = (await examined(path))["telegram"]

    assert is_trouble(finding, "sertifikat Telegram ditolak")
    assert "jam mesin" in finding.remedy
    assert TOKEN not in finding.words


async def test_names_that_mail_needs(path: Path) -> None:
    await asyncio.to_thread(rewrite, path, channels={"mail": MAIL})
    async with names(GOOD_NAMES) as server:
        found = await examined(path, nameservers=server)
        assert {found[f"dns.{each}"].grade for each in ("spf", "dmarc", "dkim")} == {Grade.WELL}
    async with names({"contoh.ac.id": "google-site-verification=x"}) as server:
        found = await examined(path, nameservers=server)
        assert is_warning(found["dns.spf"], "SPF contoh.ac.id tidak ada")
        assert is_warning(found["dns.dmarc"], "DMARC contoh.ac.id tidak ada")
        assert found["dns.dkim"].grade is Grade.UNKNOWN


async def test_a_resolver_that_does_not_answer_is_no_fault(path: Path) -> None:
    await asyncio.to_thread(rewrite, path, channels={"mail": MAIL})
    async with names({}, silent=True) as server:
        finding = (await examined(path, nameservers=server))["dns"]

    assert finding.grade is Grade.UNKNOWN
    assert "tidak dapat diperiksa" in finding.words


@pytest.mark.parametrize(("days", "grade"), [(60, Grade.WELL), (9, Grade.WARNING), (-3, Grade.TROUBLE)])
async def test_a_certificate_that_runs_out(path: Path, tmp_path: Path, days: int, grade: Grade) -> None:
    async with secure(tmp_path, days=days) as (port, trust):
        await asyncio.to_thread(rewrite, path, desk={"public_url": f"https://localhost:{port}"})
        finding = (await examined(path, trust=trust))["tls"]

    assert finding.grade is grade
    assert ("sudah habis masanya" in finding.words) is (days < 0)


async def test_a_certificate_that_nobody_vouches_for(path: Path, tmp_path: Path) -> None:
    async with secure(tmp_path, days=60) as (port, _trust):
        await asyncio.to_thread(rewrite, path, desk={"public_url": f"https://localhost:{port}"})

        assert is_trouble((await examined(path))["tls"], "ditolak")


async def test_a_public_address_that_is_not_reached_is_no_fault(path: Path) -> None:
    await asyncio.to_thread(rewrite, path, desk={"public_url": f"https://localhost:{free_port()}"})

    assert (await examined(path))["tls"].grade is Grade.UNKNOWN
