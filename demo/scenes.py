"""Prepared situations: what happens when the visitor chooses one from the menu Skenario."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from demo import samples
from demo.stage import Stage

Move = Callable[[str], Awaitable[None]]

REMEMBERED = 7 * 24 * 3600  # seconds for which an office keeps to the last matter
ANSWER = 8.0  # seconds that a situation waits for the desk's first word
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
    play: Callable[[Stage, Move], Awaitable[None]]


def _new_matter(stage: Stage) -> None:
    """Another matter than the one that was talked of last: said in the words that open one."""
    chat = stage.telegram.chat(stage.reporter.telegram, stage.public_bot)
    if chat and stage.clock().timestamp() - chat[-1]["date"] < REMEMBERED:
        stage.telegram.phone(stage.public_bot).write(stage.reporter.telegram, "laporan baru")


async def _cannot_log_in(stage: Stage, _: Move) -> None:
    _new_matter(stage)
    words = "Saya tidak bisa masuk SIAKAD setelah ganti sandi, sudah coba 3x. NIM saya 231040112."
    stage.telegram.phone(stage.public_bot).write(stage.reporter.telegram, words)


async def _broken_classroom(stage: Stage, _: Move) -> None:
    _new_matter(stage)
    phone = stage.telegram.phone(stage.public_bot)
    phone.album(
        stage.reporter.telegram,
        [samples.photo(), samples.photo(1)],
        caption="Papan tulis dan kursi ruang B.204 rusak, ujian mulai pukul 13.00.",
    )


async def _outside_hours(stage: Stage, move: Move) -> None:
    await move("malam")
    _new_matter(stage)
    words = "Selamat malam, maaf mengganggu. Apakah pembayaran UKT saya sudah terverifikasi?"
    stage.telegram.phone(stage.public_bot).write(stage.reporter.telegram, words)


async def _closed_window(stage: Stage, move: Move) -> None:
    """The desk's first word is waited for: after the window has closed it could not arrive any more."""
    who, twilio = stage.reporter.whatsapp, stage.twilio
    before = len(twilio.sent(who))
    twilio.phone.write(who, "Selamat siang, apakah legalisir ijazah dapat dikirim?")
    with suppress(TimeoutError):
        await twilio.until(lambda: len(twilio.sent(who)) > before, ANSWER)
        await twilio.settled()
    await move("jendela")


async def _long_mail(stage: Stage, _: Move) -> None:
    person = stage.reporter
    stage.mailbox.write(person.mail, "Re: Permohonan transkrip", LONG_MAIL, name=person.name)


SCENES = (
    Scene("masuk", "Mahasiswa tidak bisa masuk SIAKAD", "tg", _cannot_log_in),
    Scene("kelas", "Foto kelas rusak tanpa nama", "tg", _broken_classroom),
    Scene("malam", "Pesan di luar jam layanan", "tg", _outside_hours),
    Scene("jendela", "Jendela WhatsApp tertutup", "wa", _closed_window),
    Scene("kutipan", "Surel dengan kutipan panjang", "ml", _long_mail),
)
"""The menu, in its order."""
