"""Every limit of the desk in one place, read from where it is kept, with its reason: `python -m tanggap.limits` prints docs/limits.md."""

import sys
from datetime import timedelta
from typing import NamedTuple

from channels import mail_in, mail_inbox, mail_out, telegram_api, telegram_files, webhook, whatsapp_fetch
from console import guard, uploads
from desk import delivery, form, reception, tries, turns, upkeep
from sop import channels, conversation, wording
from sop import delivery as outgoing
from store import line

HEAD = """\
# Batas-batas meja

Semua batas ada di kode, di berkas yang memakainya; halaman ini dibuat dari sana (`python -m tanggap.limits > docs/limits.md`), dan sebuah
tes membandingkannya. Yang melewati batas tidak hilang diam-diam: pesan tetap di penyedianya, ditahan dengan bentuk aslinya, atau ditolak di depan
orangnya dengan kata-kata yang menyebut batasnya.
"""


class Limit(NamedTuple):
    """`where` is the constant; `then` says what becomes of what is above it."""

    what: str
    value: str
    where: str
    why: str
    then: str


def size(octets: int) -> str:
    return wording.size(octets)


def number(amount: float) -> str:
    return wording.number(round(amount))


def seconds(amount: float | timedelta) -> str:
    span = amount if isinstance(amount, timedelta) else timedelta(seconds=amount)
    return wording.span(span, long=True)


BODIES = "Isi permintaan"
FILES = "Berkas"
RATES = "Laju"
QUEUES = "Antrean"


def limits() -> dict[str, tuple[Limit, ...]]:
    """By kind, in the order of the page."""
    return {BODIES: _bodies(), FILES: (*_files(), *_mail_files()), RATES: _rates(), QUEUES: _queues()}


def _bodies() -> tuple[Limit, ...]:
    return (
        Limit(
            "satu panggilan webhook",
            size(webhook.LIMIT),
            "channels/webhook.py LIMIT",
            "pembaruan Telegram dan formulir Twilio paling besar puluhan KB",
            "dijawab 413, tanpa dibaca habis",
        ),
        Limit(
            "satu formulir dengan lampirannya",
            size(guard.MOST),
            "console/guard.py MOST",
            "lima berkas kecil atau dua foto besar; lebih dari itu menahan memori",
            "413, kata-kata dikembalikan",
        ),
        Limit(
            "satu kotak tulis",
            size(uploads.LONGEST),
            "console/uploads.py LONGEST",
            "jauh di atas pesan terpanjang yang dapat dikirim",
            "ditolak dengan kata-kata",
        ),
        Limit(
            "satu pesan masuk",
            f"{number(reception.LONGEST)} karakter",
            "desk/reception.py LONGEST",
            "kata sebanyak itu adalah berkas, bukan pesan",
            "dipotong, dan kata terakhirnya menyebut berapa yang kurang",
        ),
        Limit(
            "satu surel",
            size(mail_inbox.MAX_MAIL),
            "channels/mail_inbox.py MAX_MAIL",
            "server surel jarang menerima lebih",
            "ditahan dengan awalnya, terlihat di halaman Penyelia",
        ),
        *(
            Limit(
                f"satu jawaban lewat {name}",
                f"{number(longest)} karakter",
                "sop/channels.py LONGEST",
                "yang diterima penyedianya, dihitung seperti ia menghitung",
                "ditolak sebelum dikirim",
            )
            for name, longest in channels.LONGEST.items()
        ),
    )


def _files() -> tuple[Limit, ...]:
    return (
        Limit(
            "satu lampiran yang diambil dari penyedia",
            size(upkeep.LARGEST),
            "desk/upkeep.py LARGEST",
            "disk kantor kecil; bukti berupa foto dan PDF",
            "dicatat sebagai terlalu besar, pesannya tetap masuk",
        ),
        Limit(
            "satu berkas di formulir",
            size(uploads.LARGEST),
            "console/uploads.py LARGEST",
            "foto telepon dan PDF pindaian",
            "ditolak di depan orangnya",
        ),
        Limit(
            "berkas di satu formulir",
            number(uploads.FILES),
            "console/uploads.py FILES",
            "cukup untuk bukti, tidak untuk arsip",
            "ditolak di depan orangnya",
        ),
        Limit(
            "semua berkas satu formulir",
            size(uploads.ALL),
            "console/uploads.py ALL",
            "di bawah batas formulir",
            "ditolak di depan orangnya",
        ),
        Limit(
            "satu berkas dari Telegram",
            size(telegram_api.LARGEST_FILE),
            "channels/telegram_api.py LARGEST_FILE",
            "Bot API tidak memberi lebih",
            "dicatat sebagai terlalu besar",
        ),
        Limit(
            "satu berkas dari WhatsApp",
            size(whatsapp_fetch.LARGEST_FILE),
            "channels/whatsapp_fetch.py LARGEST_FILE",
            "batas WhatsApp sendiri",
            "dicatat sebagai terlalu besar",
        ),
    )


def _mail_files() -> tuple[Limit, ...]:
    return (
        Limit(
            "satu lampiran surel",
            size(mail_in.MAX_FILE),
            "channels/mail_in.py MAX_FILE",
            "sama dengan lampiran lain",
            "surel masuk, lampiran itu disebut tanpa isinya",
        ),
        Limit(
            "semua lampiran satu surel keluar",
            size(mail_out.MAX_FILES),
            "channels/mail_out.py MAX_FILES",
            "relai jarang menerima lebih",
            "gagal terlihat, dengan sebabnya",
        ),
        Limit(
            "foto keluar lewat Telegram",
            size(telegram_files.LARGEST_PHOTO),
            "channels/telegram_files.py LARGEST_PHOTO",
            "batas Bot API",
            "dikirim sebagai dokumen",
        ),
        Limit(
            "waktu mengambil satu berkas",
            seconds(upkeep.DEADLINE),
            "desk/upkeep.py DEADLINE",
            "penyedia yang lambat tidak menahan yang lain",
            "dicoba lagi nanti",
        ),
    )


def _rates() -> tuple[Limit, ...]:
    return (
        Limit(
            "formulir dari satu alamat",
            f"{form.MOST} dalam {seconds(form.SLOT)}",
            "desk/form.py MOST, SLOT",
            "satu kampus dapat berbagi satu alamat",
            "diminta menunggu; tulisan tetap ada",
        ),
        Limit(
            "kiriman ke halaman status dan kasus dari satu alamat",
            f"{form.WORDS} dalam {seconds(form.SLOT)}",
            "desk/form.py WORDS, SLOT",
            "siapa pun yang pernah melapor punya halaman untuk mengirim berkas",
            "diminta menunggu; tulisan tetap ada",
        ),
        Limit(
            "percobaan masuk satu akun dari satu jaringan",
            f"{tries.PAIR.free}, lalu jeda sampai {seconds(tries.PAIR.slowest)}",
            "desk/tries.py PAIR",
            "memperlambat penebak tanpa mengunci pemilik akun di tempat lain",
            "diminta menunggu",
        ),
        Limit(
            "percobaan masuk dari satu jaringan",
            f"{tries.NETWORK.free}, lalu jeda sampai {seconds(tries.NETWORK.slowest)}",
            "desk/tries.py NETWORK",
            "satu kantor berbagi satu jaringan",
            "diminta menunggu",
        ),
        Limit(
            "pesan otomatis kepada satu orang",
            f"1 dalam {seconds(conversation.QUIET)}",
            "sop/conversation.py QUIET",
            "orang membaca, bukan mesin",
            "menunggu gilirannya",
        ),
        Limit(
            "lama satu pengiriman",
            seconds(delivery.DEADLINE),
            "desk/delivery.py DEADLINE",
            "di atas tenggat setiap saluran",
            "tidak pasti terkirim, dan terlihat",
        ),
        Limit(
            "lama jawaban dicoba dikirim",
            seconds(outgoing.PATIENCE),
            "sop/delivery.py PATIENCE",
            "sesudah sehari jawaban bukan jawaban lagi",
            "gagal, terlihat di halaman Pesan yang tidak terkirim",
        ),
    )


def _queues() -> tuple[Limit, ...]:
    return (
        Limit(
            "pesan satu pengirim yang diproses bersamaan",
            number(turns.AT_ONCE),
            "desk/turns.py AT_ONCE",
            "badai satu orang tidak memperlambat yang lain; urutannya tetap",
            "menunggu gilirannya sendiri",
        ),
        Limit(
            "pesan satu pengirim yang menunggu",
            number(turns.WAITING),
            "desk/turns.py WAITING",
            "memori; lima detik badai 50 pesan sedetik",
            "dijawab 503: penyedia menyimpannya dan datang lagi",
        ),
        Limit(
            "tindakan yang menunggu disimpan",
            number(line.ROOM),
            "store/line.py ROOM",
            "memori, dan tunggu yang masih masuk akal",
            "menunggu tempat",
        ),
        Limit(
            "lama menunggu disimpan",
            seconds(line.PATIENCE),
            "store/line.py PATIENCE",
            "penyedia webhook menunggu 15 detik",
            "dijawab 503: penyedia datang lagi",
        ),
        Limit(
            "tindakan dalam satu penyimpanan",
            number(line.TOGETHER),
            "store/line.py TOGETHER",
            "satu kali menulis ke disk untuk semua yang menunggu",
            "ikut penyimpanan berikutnya",
        ),
        Limit(
            "lampiran yang diambil bersamaan",
            number(upkeep.AT_ONCE),
            "desk/upkeep.py AT_ONCE",
            "jaringan kantor",
            "menunggu gilirannya",
        ),
    )


def page() -> str:
    parts = [HEAD]
    for kind, found in limits().items():
        parts.append(f"## {kind}\n\n| apa | batas | di kode | mengapa | bila lebih |\n|---|---|---|---|---|")
        parts.append(
            "\n".join(
                f"| {each.what} | {each.value} | `{each.where}` | {each.why} | {each.then} |"
                for each in found
            )
        )
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
