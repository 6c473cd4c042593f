"""Prepared situations: what happens when the visitor chooses one from the menu Skenario."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from demo import telegram_scenes as scenes
from demo.stage import Stage
from demo.telegram_scenes import ANSWER

Move = Callable[[str], Awaitable[None]]
Play = Callable[[Stage, Move], Awaitable[None]]

LONG_MAIL = """Yth. Layanan,

Mohon maaf, transkrip saya masih belum terbit sampai hari ini. Apakah ada berkas yang kurang dari saya?

Hormat saya,
Dewi

Pada Sen, 2 Nov 2026 pukul 09.12, Bagian Akademik menulis:
> Yth. Saudari Dewi,
>
> Permohonan transkrip Saudari sudah kami terima dan sedang kami periksa.
> Kami mohon Saudari menunggu paling lama tiga hari kerja.
>
> Terima kasih.
>
> Pada Jum, 30 Okt 2026 pukul 15.40, Dewi menulis:
>> Selamat sore,
>>
>> Saya ingin memohon transkrip nilai untuk melamar beasiswa. Berkas yang
>> diminta sudah saya unggah, yaitu KTM, KRS terakhir, dan bukti bebas pustaka.
>>
>> Batas waktu beasiswa tinggal dua pekan lagi, karena itu saya berharap
>> transkrip dapat terbit pekan ini.
>>
>> Terima kasih, Dewi
>>
>> --
>> Dewi, Program Studi Manajemen
"""


@dataclass(frozen=True)
class Scene:
    """`app` is the tab of the phone on which it can be seen."""

    name: str
    title: str
    app: str
    play: Play


def _on_telegram(act: Callable[[Stage], None]) -> Play:
    """A situation that moves no clock and waits for nobody."""

    async def play(stage: Stage, _: Move) -> None:
        act(stage)

    return play


async def _outside_hours(stage: Stage, move: Move) -> None:
    await move("malam")
    scenes.outside_hours(stage)


async def _asks_and_blocks(stage: Stage, _: Move) -> None:
    await scenes.asks_and_blocks(stage)


async def _cut_off(stage: Stage, _: Move) -> None:
    await scenes.cut_off(stage)


async def _closed_window(stage: Stage, move: Move) -> None:
    """The desk's first word is waited for: after the window has closed it could not arrive any more."""
    who, twilio = stage.reporter.whatsapp, stage.twilio
    before = len(twilio.sent(who))
    words = "Selamat siang, apakah legalisir ijazah dapat dikirim?"
    twilio.phone.write(who, f"Laporan baru\n{words}" if before else words)
    with suppress(TimeoutError):
        await twilio.until(lambda: len(twilio.sent(who)) > before, ANSWER)
        await twilio.settled()
    await move("jendela")


async def _long_mail(stage: Stage, _: Move) -> None:
    person = stage.reporter
    stage.mailbox.write(person.mail, "Re: Permohonan transkrip", LONG_MAIL, name=person.name)


SCENES = (
    Scene("masuk", "Mahasiswa tidak bisa masuk SIAKAD", "tg", _on_telegram(scenes.cannot_log_in)),
    Scene("kelas", "Foto kelas rusak tanpa nama", "tg", _on_telegram(scenes.broken_classroom)),
    Scene("malam", "Pesan di luar jam layanan", "tg", _outside_hours),
    Scene("suara", "Pesan suara dan lokasi", "tg", _on_telegram(scenes.said_and_shown)),
    Scene("ralat", "Pesan yang diralat pelapor", "tg", _on_telegram(scenes.corrected)),
    Scene("blokir", "Pelapor memblokir bot", "tg", _asks_and_blocks),
    Scene("padam", "Telegram terputus sementara", "tg", _cut_off),
    Scene("jendela", "Jendela WhatsApp tertutup", "wa", _closed_window),
    Scene("kutipan", "Surel dengan kutipan panjang", "ml", _long_mail),
)
"""The menu, in its order."""
