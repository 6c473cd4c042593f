"""Prepared situations on the reporter's Telegram."""

from collections.abc import Callable
from contextlib import suppress

from demo import samples
from demo.stage import Stage

REMEMBERED = 7 * 24 * 3600  # seconds for which an office keeps to the last matter
ANSWER = 8.0  # seconds that a situation waits for the desk's first word
CORNER = (-6.3641, 106.8302)


def new_matter(stage: Stage) -> None:
    """Another matter than the one that was talked of last: said in the words that open one."""
    chat = stage.telegram.chat(stage.reporter.telegram, stage.public_bot)
    if chat and stage.clock().timestamp() - chat[-1]["date"] < REMEMBERED:
        stage.telegram.phone(stage.public_bot).write(stage.reporter.telegram, "laporan baru")


def cannot_log_in(stage: Stage) -> None:
    new_matter(stage)
    words = "Saya tidak bisa masuk SIAKAD setelah ganti sandi, sudah coba 3x. NIM saya 231040112."
    stage.telegram.phone(stage.public_bot).write(stage.reporter.telegram, words)


def broken_classroom(stage: Stage) -> None:
    new_matter(stage)
    phone = stage.telegram.phone(stage.public_bot)
    phone.album(
        stage.reporter.telegram,
        [samples.photo(), samples.photo(1)],
        caption="Papan tulis dan kursi ruang B.204 rusak, ujian mulai pukul 13.00.",
    )


def outside_hours(stage: Stage) -> None:
    new_matter(stage)
    words = "Selamat malam, maaf mengganggu. Apakah pembayaran UKT saya sudah terverifikasi?"
    stage.telegram.phone(stage.public_bot).write(stage.reporter.telegram, words)


def said_and_shown(stage: Stage) -> None:
    """Who has no hand free speaks, and shows where they stand."""
    new_matter(stage)
    phone, user = stage.telegram.phone(stage.public_bot), stage.reporter.telegram
    phone.write(user, "Lampu taman mati, saya jelaskan dengan suara.")
    phone.voice(user, samples.voice())
    phone.location(user, *CORNER)


def corrected(stage: Stage) -> None:
    """A number typed wrong, and put right in the same message: the desk keeps both forms."""
    new_matter(stage)
    phone, user = stage.telegram.phone(stage.public_bot), stage.reporter.telegram
    said = phone.write(user, "KRS saya terkunci. NIM saya 231040121.")
    phone.edit(user, said["message_id"], "KRS saya terkunci. NIM saya 231040112.")


async def asks_and_blocks(stage: Stage) -> None:
    """The person asks, and shuts the bot out: the officer's answer fails where everybody sees it."""
    phone, user = stage.telegram.phone(stage.public_bot), stage.reporter.telegram
    await _answered(stage, lambda: new_matter(stage))
    await _answered(stage, lambda: phone.write(user, "Apakah surat keterangan saya sudah jadi?"))
    phone.block(user)


async def cut_off(stage: Stage) -> None:
    """Telegram is away while somebody goes on writing: nothing is lost, and what waited comes in its order."""
    phone, user = stage.telegram.phone(stage.public_bot), stage.reporter.telegram
    await _answered(stage, lambda: new_matter(stage))
    await _answered(stage, lambda: phone.write(user, "Sandi akun saya ditolak di komputer lantai 2."))
    stage.telegram.outage = True
    for words in (
        "Sekarang di lantai 3 juga.",
        "Pesannya: akun terkunci.",
        "Kami pindah ke lantai 1.",
    ):
        phone.write(user, words)


async def _answered(stage: Stage, act: Callable[[], object]) -> None:
    """Do it, and wait for the desk's word, if anything was said to the desk."""
    before = len(stage.telegram.sent(stage.reporter.telegram, stage.public_bot))
    words = len(stage.telegram.chat(stage.reporter.telegram, stage.public_bot))
    act()
    if len(stage.telegram.chat(stage.reporter.telegram, stage.public_bot)) == words:
        return
    with suppress(TimeoutError):
        await stage.telegram.until(
            lambda: len(stage.telegram.sent(stage.reporter.telegram, stage.public_bot)) > before, ANSWER
        )
