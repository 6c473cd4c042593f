"""Offices for the walks: one for each procedure, everybody seated, and the people by login."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from desk import office_file
from sop import office_file as reading
from store.db import Database

WIB = ZoneInfo("Asia/Jakarta")

HOURS = """
kalender:
  - code: kantor
    name: Jam kantor
    zone: Asia/Jakarta
    week:
      senin-kamis: 08.00-12.00, 13.00-16.00
      jumat: 08.00-11.30, 13.00-16.30
"""

UC3 = f"""
kantor: UC3 Universitas Contoh
masuk: {{lainnya: UNIT}}
{HOURS}
unit:
  - {{kode: UNIT, nama: Unit Contoh, jenis: JENIS, kalender: kantor, prosedur: PROSEDUR}}
  - {{kode: lain, nama: Unit Lain, jenis: kantor_pusat, kalender: kantor, prosedur: PROSEDUR}}
prosedur: [PROSEDUR]
kategori:
  - {{kode: keuangan, nama: Keuangan, kata: [ukt], unit: UNIT}}
petugas:
  - {{nama_pengguna: sari, nama: Sari, peran: [{{lajur: narahubung, unit: UNIT}}]}}
  - {{nama_pengguna: budi, nama: Budi, peran: [{{lajur: narahubung, unit: lain}}]}}
  - {{nama_pengguna: lestari, nama: Lestari, peran: [{{lajur: supervisor}}]}}
JENJANG
"""

MIPA = f"""
kantor: MIPA Care
masuk: {{lainnya: mipa}}
{HOURS}
unit:
  - {{kode: mipa, nama: Fakultas MIPA, jenis: fakultas, kalender: kantor, prosedur: mipa-care}}
prosedur: [mipa-care]
kategori:
  - {{kode: layanan, nama: Layanan, kata: [loket], unit: mipa}}
petugas:
  - {{nama_pengguna: tari, nama: Tari, jabatan: Operator, peran: [{{lajur: operator, unit: mipa}}]}}
  - {{nama_pengguna: wahyu, nama: Wahyu, jabatan: Wakil Dekan, peran: [{{lajur: pimpinan, unit: mipa}}]}}
  - {{nama_pengguna: joko, nama: Joko, jabatan: Kepala Loket, peran: [{{lajur: pihak, unit: mipa}}]}}
  - {{nama_pengguna: ratna, nama: Ratna, jabatan: Dekan, peran: [{{lajur: dekan, unit: mipa}}]}}
  - {{nama_pengguna: lestari, nama: Lestari, peran: [{{lajur: supervisor}}]}}
"""

ITB = f"""
kantor: Care Center
masuk: {{lainnya: care}}
{HOURS}
unit:
  - {{kode: care, nama: Care Center, jenis: lembaga, kalender: kantor, prosedur: itb-care-center}}
prosedur: [itb-care-center]
kategori:
  - {{kode: akun, nama: Akun, kata: [sandi], unit: care}}
petugas:
  - {{nama_pengguna: agus, nama: Agus, jabatan: Agent, peran: [{{lajur: agent, unit: care}}]}}
  - {{nama_pengguna: dian, nama: Dian, jabatan: Pengembang, peran: [{{lajur: pengembang, unit: care}}]}}
  - {{nama_pengguna: lestari, nama: Lestari, jabatan: Supervisor, peran: [{{lajur: supervisor}}]}}
"""

JSS = f"""
kantor: JSS UPIK
masuk: {{lainnya: pu}}
{HOURS}
unit:
  - {{kode: pu, nama: Dinas Pekerjaan Umum, jenis: opd, kalender: kantor, prosedur: PROSEDUR}}
  - {{kode: lh, nama: Dinas Lingkungan Hidup, jenis: opd, kalender: kantor, prosedur: PROSEDUR}}
prosedur: [PROSEDUR]
kategori:
  - {{kode: jalan, nama: Jalan, kata: [jalan, lubang], unit: pu}}
  - {{kode: sampah, nama: Sampah, kata: [sampah], unit: lh}}
petugas:
  - {{nama_pengguna: rini, nama: Rini, jabatan: Admin PU, peran: [{{lajur: admin-opd, unit: pu}}]}}
  - {{nama_pengguna: yoga, nama: Yoga, jabatan: Admin LH, peran: [{{lajur: admin-opd, unit: lh}}]}}
  - {{nama_pengguna: wati, nama: Wati, jabatan: Admin Pusat, peran: [{{lajur: admin-pusat}}]}}
  - {{nama_pengguna: slamet, nama: Slamet, jabatan: Petugas Lapangan PU, peran: [{{lajur: lapangan, unit: pu}}]}}
  - {{nama_pengguna: tono, nama: Tono, jabatan: Petugas Lapangan LH, peran: [{{lajur: lapangan, unit: lh}}]}}
  - {{nama_pengguna: lestari, nama: Lestari, peran: [{{lajur: supervisor}}]}}
"""

HUMAS = f"""
kantor: Humas
masuk: {{lainnya: humas}}
{HOURS}
unit:
  - {{kode: humas, nama: Humas, jenis: kantor_pusat, kalender: kantor, prosedur: humas-telegram}}
prosedur: [humas-telegram]
petugas:
  - {{nama_pengguna: wr3, nama: Wr3, peran: [{{lajur: wr3, unit: humas}}]}}
  - {{nama_pengguna: bpkh, nama: Bpkh, peran: [{{lajur: bpkh, unit: humas}}]}}
  - {{nama_pengguna: koor-pkih, nama: Koor, peran: [{{lajur: koor-pkih, unit: humas}}]}}
  - {{nama_pengguna: wk-humas, nama: Wk, peran: [{{lajur: wk-humas, unit: humas}}]}}
  - {{nama_pengguna: petugas, nama: Petugas, peran: [{{lajur: petugas, unit: humas}}]}}
  - {{nama_pengguna: lestari, nama: Lestari, peran: [{{lajur: supervisor}}]}}
"""


def uc3(procedure: str, rungs: tuple[str, ...]) -> str:
    """The office of one UC3 ladder, an officer named after each rung."""
    kind = {"uc3-fakultas": "fakultas", "uc3-lembaga": "lembaga"}.get(procedure, "kantor_pusat")
    seats = "\n".join(
        f"  - {{nama_pengguna: {lane}, nama: {lane.title()}, peran: [{{lajur: {lane}, unit: UNIT}}]}}"
        for lane in rungs
    )
    text = UC3.replace("JENJANG", seats).replace("PROSEDUR", procedure)
    return text.replace("JENIS", kind).replace("UNIT", "pusat")


def jss(procedure: str = "jss-upik") -> str:
    return JSS.replace("PROSEDUR", procedure)


def wib(text: str) -> datetime:
    """2026-MM-DD HH.MM in Jakarta, as the store keeps it."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H.%M").replace(tzinfo=WIB).astimezone(UTC)


async def open_office(db: Database, text: str, now: datetime) -> None:
    """In force since two months before `now`."""
    await db.write(office_file.bring_in, reading.read(text), now - timedelta(days=60))
