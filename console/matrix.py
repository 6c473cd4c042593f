"""/hak: who may do what, in a clerk's words. The routes and the roles' rights are read where they are kept, not copied."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.page import page
from console.session import ask
from sop.errors import N_
from sop.officer import RIGHTS, Officer, Right
from store.db import View

HOLDER = "holder"  # whose lane has the case now: a superior, a complained-about party, a field officer, Humas
COLUMNS = {
    "agent": N_("Petugas unit"),
    "supervisor": N_("Penyelia"),
    "auditor": N_("Auditor"),
    "sysadmin": N_("Pengelola sistem"),
    HOLDER: N_("Pemegang perkara"),
}


class Capability(Struct, frozen=True, kw_only=True):
    """One row. `acts` are patterns over "METHOD /path act"; any of `rights` is enough, or holding the case."""

    words: str
    acts: tuple[str, ...]
    rights: tuple[Right, ...] = ()
    holder: bool = False
    everyone: bool = False

    def may(self, role: str) -> bool:
        if self.everyone:
            return True
        if role == HOLDER:
            return self.holder
        return any(right in RIGHTS[role] for right in self.rights)


class Group(Struct, frozen=True, kw_only=True):
    name: str
    rows: tuple[Capability, ...]


GROUPS = (
    Group(
        name=N_("Tiket"),
        rows=(
            Capability(
                words=N_("Memutuskan perkara di lajurnya, melampirkan bukti"),
                acts=(
                    "POST /keputusan/*",
                    "GET /keputusan/{number}/berkas/*",
                    "POST /tiket/{number}/{act} putuskan",
                ),
                holder=True,
            ),
            Capability(
                words=N_("Mengalihkan tiket kepada petugas lain"),
                acts=("POST /tiket/{number}/{act} serahkan",),
                rights=(Right.ASSIGN,),
            ),
            Capability(
                words=N_("Membaca perkara yang sedang di tangannya, mengikuti kabarnya"),
                acts=("GET /keputusan/{number}", "GET /live", "POST /tiket/{number}/{act} dibaca"),
                rights=(Right.READ,),
                holder=True,
            ),
            Capability(
                words=N_(
                    "Mengikuti sebuah tiket; menyimpan tampilan antrean; tindakan borongan sebatas haknya"
                ),
                acts=("POST /tiket/{number}/{act} *ikut", "POST /tampilan*"),
                rights=(Right.READ,),
            ),
            Capability(
                words=N_("Menyunting formulir bagi pihak terkait, memberi dan mencabut tautan"),
                acts=(
                    "GET /tiket/{number}/formulir",
                    "POST /tiket/{number}/formulir",
                    "POST /tiket/{number}/tautan*",
                ),
                rights=(Right.WORK,),
            ),
            Capability(
                words=N_("Menerima telepon dan tamu di loket, mengirim ulang yang gagal"),
                acts=("GET /loket*", "POST /loket*", "POST /penyelia/{act} kirim", "* /gagal*"),
                rights=(Right.WORK,),
            ),
            Capability(
                words=N_(
                    "Menghapus isi tiket yang ditutup atau data pelapornya, menahannya dari penghapusan"
                ),
                acts=("* /tiket/{number}/hapus*", "* /tiket/{number}/tahan*", "GET /retensi"),
                rights=(Right.ERASE,),
            ),
            Capability(
                words=N_(
                    "Mengambil, memberi kategori, memeriksa identitas, menjawab, dan menutup tiket unitnya"
                ),
                acts=(
                    "POST /tiket/*",
                    "GET /tiket/*/gabung",
                    "GET /tiket/*/pisah",
                    "GET /tiket/*/tautkan",
                    "POST /terjadwal*",
                ),
                rights=(Right.WORK,),
            ),
            Capability(
                words=N_("Mengunduh perkara utuh beserta sidik kejadiannya"),
                acts=("GET /tiket/*/perkara*",),
                rights=(Right.EXPORT,),
            ),
            Capability(
                words=N_("Melihat antrean, tiket, dan lampiran unitnya; mencetak lembar SOP"),
                acts=(
                    "GET /",
                    "GET /antrean*",
                    "GET /tiket/*",
                    "GET /berkas/*",
                    "GET /terjadwal",
                    "GET /cetak*",
                ),
                rights=(Right.READ,),
            ),
        ),
    ),
    Group(
        name=N_("Penyeliaan"),
        rows=(
            Capability(
                words=N_("Melihat pesan yang tertahan, memasukkannya lagi atau menyingkirkannya"),
                acts=("GET /penyelia", "POST /penyelia/*"),
                rights=(Right.PARKED,),
            ),
            Capability(
                words=N_("Melihat keadaan meja, tanpa isi pesan"),
                acts=("GET /admin/keadaan",),
                rights=(Right.OPERATE, Right.PARKED),
            ),
            Capability(
                words=N_("Memilih kepada siapa jangkar catatan kejadian dikirim"),
                acts=("POST /admin/keadaan",),
                rights=(Right.OFFICE,),
            ),
            Capability(
                words=N_("Menulis, memberlakukan, dan menarik templat jawaban"),
                acts=("GET /templat*", "POST /templat*"),
                rights=(Right.TEMPLATES,),
            ),
            Capability(
                words=N_("Mengatur petugas, lajur, pengganti (Plh/Plt), akun, dan sesi orang lain"),
                acts=("GET /petugas*", "POST /petugas*", "GET /akun*", "POST /akun*"),
                rights=(Right.STAFF,),
            ),
            Capability(
                words=N_("Melihat persiapan kantor baru"),
                acts=("GET /mulai",),
                rights=(Right.OFFICE, Right.OPERATE),
            ),
            Capability(
                words=N_("Mengatur unit, kalender, kategori, pintu masuk, dan naskah SOP"),
                acts=tuple(
                    f"{method} {path}*"
                    for path in ("/kalender", "/kategori", "/unit", "/pintu", "/prosedur/naskah", "/mulai")
                    for method in ("GET", "POST")
                ),
                rights=(Right.OFFICE,),
            ),
        ),
    ),
    Group(
        name=N_("Publikasi Humas"),
        rows=(
            Capability(
                words=N_("Menarik permohonan publikasi unitnya; pemohon menarik permohonannya sendiri"),
                acts=("POST /publikasi/{number} tarik",),
                rights=(Right.ATTEST,),
            ),
            Capability(
                words=N_("Memutuskan, menyunting, memeriksa, dan menyebarkan publikasi di lajurnya"),
                acts=("POST /publikasi/*",),
                holder=True,
            ),
            Capability(
                words=N_("Mengatur sasaran pengumuman dan topik langganan unitnya"),
                acts=("* /humas/sasaran*", "POST /humas/topik*"),
                rights=(Right.ATTEST,),
                holder=True,
            ),
            Capability(
                words=N_("Membaca publikasi unitnya, lembar disposisi, penerima, dan arsipnya"),
                acts=("GET /publikasi/*",),
                rights=(Right.EXPORT,),
                holder=True,
            ),
        ),
    ),
    Group(
        name=N_("Setiap orang yang masuk"),
        rows=(
            Capability(
                words=N_("Mengajukan permohonan publikasi; melihat papan, kalender, arsip, sebatas haknya"),
                acts=(
                    "GET /humas",
                    "GET /humas/arsip",
                    "GET /humas/rekap",
                    "GET /humas/kalender",
                    "* /humas/baru",
                ),
                everyone=True,
            ),
            Capability(
                words=N_(
                    "Mencari dan bertindak borongan, sebatas haknya pada setiap tiket; membuka halaman dengan cepat"
                ),
                acts=("GET /cari*", "GET /ke", "POST /borongan*"),
                everyone=True,
            ),
            Capability(
                words=N_("Membaca SOP, daftar keputusan yang menunggunya, dan tabel hak ini"),
                acts=("GET /prosedur*", "GET /keputusan", "GET /hak"),
                everyone=True,
            ),
            Capability(
                words=N_("Mengatur akun sendiri: bahasa, kata sandi, dua langkah, sesi, Telegram"),
                acts=("GET /profil*", "POST /profil*", "POST /keluar", "* /login*"),
                everyone=True,
            ),
        ),
    ),
    Group(
        name=N_("Siapa saja, tanpa akun"),
        rows=(
            Capability(
                words=N_(
                    "Melapor, melihat status dengan tautannya sendiri, menilai jawaban, mencabut laporan"
                ),
                acts=("* /lapor*", "* /status*", "GET /privasi", "* /berhenti*", "* /langganan*"),
                everyone=True,
            ),
            Capability(
                words=N_(
                    "Memutuskan satu perkara dengan tautan pribadi; membuat kata sandi baru dengan tautan sekali pakai"
                ),
                acts=("* /kasus/*", "* /sandi/*"),
                everyone=True,
            ),
        ),
    ),
)


def capability_of(name: str) -> Capability | None:
    """The row that "METHOD /path act" belongs to: the first that fits."""
    rows = (row for group in GROUPS for row in group.rows)
    return next((row for row in rows if any(fnmatchcase(name, act) for act in row.acts)), None)


def served(routes: Iterable[BaseRoute]) -> frozenset[str]:
    """The words of the rows for which this console has a route."""
    found = set()
    for route in routes:
        if isinstance(route, Route):
            for method in (route.methods or set()) - {"HEAD"}:
                row = capability_of(f"{method} {route.path}")
                if row:
                    found.add(row.words)
    return frozenset(found)


async def show(request: Request) -> Response:
    officer = await ask(request, _reader)
    return page(
        request,
        "matrix.html",
        groups=GROUPS,
        columns=COLUMNS,
        served=served(request.app.routes),
        mine={seat.role if seat.role in RIGHTS else HOLDER for seat in officer.seats},
    )


def _reader(_: View, officer: Officer) -> Officer:
    return officer


ROUTES = (Route("/hak", show, methods=["GET"]),)
