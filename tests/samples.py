"""Ready things for tests, so that a test states only what it is about. Times are fixed: a Monday morning, 09.00 WIB."""

from datetime import UTC, datetime, timedelta
from typing import Any

from desk import office_file
from desk.ids import Ids
from sop import office_file as reading
from sop.messages import Incoming
from sop.officer import Officer
from store import officers
from store.db import Database, View

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 09.00 WIB
MINUTE = timedelta(minutes=1)
_SEQUENCE = iter(range(1, 1_000_000))

OFFICE = """
kantor: UC3 Universitas Contoh
masuk: {lainnya: pusat}
kalender:
  - code: kantor
    name: Jam kantor
    zone: Asia/Jakarta
    week:
      senin-kamis: 08.00-12.00, 13.00-16.00
      jumat: 08.00-11.30, 13.00-16.30
unit:
  - {kode: pusat, nama: Kantor Pusat, jenis: kantor_pusat, kalender: kantor, prosedur: uc3-kantor-pusat}
  - {kode: feb, nama: Fakultas Ekonomi dan Bisnis, jenis: fakultas, kalender: kantor, prosedur: uc3-fakultas}
prosedur: [uc3-kantor-pusat, uc3-fakultas]
kategori:
  - {kode: akademik, nama: Akademik, kata: [krs, nilai, kuliah], unit: pusat}
  - {kode: keuangan, nama: Keuangan, kata: [ukt, spp], unit: feb}
  - {kode: akun, nama: Akun, kata: [sandi, siakad]}
templat:
  - {kode: sandi, nama: "Akun: sandi baru", isi: "Selamat pagi, {{ nama }}. Sandi baru aktif 10 menit setelah diubah. ({{ nomor }})"}
petugas:
  - {nama_pengguna: sari, nama: Sari, jabatan: Narahubung, peran: [{lajur: narahubung, unit: pusat}]}
  - {nama_pengguna: budi, nama: Budi, jabatan: Narahubung FEB, peran: [{lajur: narahubung, unit: feb}]}
  - {nama_pengguna: lestari, nama: Lestari, jabatan: Penyelia, peran: [{lajur: supervisor}]}
  - {nama_pengguna: hendra, nama: Hendra, jabatan: Koordinator, peran: [{lajur: koor, unit: pusat}]}
"""


def ids() -> Ids:
    """Three words that no other call gives."""
    number = next(_SEQUENCE)
    return Ids(f"ticket-{number}", f"conversation-{number}", f"salt-{number}")


def incoming(text: str = "KRS saya terkunci", **facts: Any) -> Incoming:
    """A message of somebody on Telegram, with an external id of its own unless one is given."""
    number = next(_SEQUENCE)
    told: dict[str, Any] = {
        "channel": "telegram",
        "external_id": f"u{number}",
        "message_id": f"7001:{number}",
        "key": "7001",
        "sender": "7001",
        "name": "Dewi",
        "at": NOW,
        "text": text,
    }
    return Incoming(**told | facts)


async def small_office(db: Database, now: datetime = NOW) -> None:
    """Two units, three categories, a template and four officers, in force since long before `now`."""
    await db.write(office_file.bring_in, reading.read(OFFICE), now - timedelta(days=30))


def _officer(view: View, login: str, now: datetime) -> Officer:
    officer = officers.by_login(view, login, now)
    assert officer is not None, login
    return officer


async def officer(db: Database, login: str = "sari", now: datetime = NOW) -> Officer:
    return await db.read(_officer, login, now)
