"""The doctor looks outside: providers, mail servers, names and certificates."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.mailbox import Mailbox
from demo.telegram import Telegram
from demo.twilio import Twilio
from tanggap import clock
from tanggap.diagnosis import Grade
from tests.peers import free_port, imap, serve
from tests.tanggap.ills import TOKEN, examined, is_trouble, is_warning, names, rewrite, secure

SECRET = "rahasia_webhook_yang_panjang"


MAIL = {"address": "care@contoh.ac.id", "inbox": "maildir:/tiada", "outbox": "smtp://127.0.0.1:9"}


GOOD_NAMES = {
    "contoh.ac.id": "v=spf1 mx -all",
    "_dmarc.contoh.ac.id": "v=DMARC1; p=quarantine",
    "mail._domainkey.contoh.ac.id": "v=DKIM1; p=MIGf",
}


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
