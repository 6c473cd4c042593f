"""/ke: go anywhere by a few letters or a ticket's number (Ctrl+K); a plain page with a form where no script runs."""

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import language_of, page, redirect
from console.session import ask
from sop.errors import N_
from sop.language import translate
from sop.officer import Officer, Right
from store.db import View

LONGEST = 100
NUMBER = 15  # digits of a ticket's number at most


class Place(Struct, frozen=True, kw_only=True):
    """A page of the console: `rights` any of which opens it (none: everybody's), `also` other words for it."""

    path: str
    name: str
    also: str = ""
    rights: tuple[Right, ...] = ()


PLACES = (
    Place(path="/antrean", name=N_("Antrean saya"), also="antrean milik mine", rights=(Right.READ,)),
    Place(path="/antrean?tampilan=free", name=N_("Belum diambil"), also="antrean baru", rights=(Right.READ,)),
    Place(path="/antrean?tampilan=all", name=N_("Semua tiket terbuka"), also="queue", rights=(Right.READ,)),
    Place(
        path="/antrean?tampilan=closed",
        name=N_("Tiket yang ditutup"),
        also="selesai arsip",
        rights=(Right.READ,),
    ),
    Place(path="/keputusan", name=N_("Keputusan yang menunggu Anda"), also="disposisi"),
    Place(path="/humas", name=N_("Papan publikasi Humas"), also="pengumuman siaran"),
    Place(path="/humas/baru", name=N_("Permohonan publikasi baru"), also="surat pengumuman"),
    Place(path="/humas/kalender", name=N_("Kalender publikasi"), also="jadwal siaran"),
    Place(path="/humas/arsip", name=N_("Arsip publikasi"), also="pengumuman lama"),
    Place(path="/loket", name=N_("Loket: telepon dan tamu"), also="catat", rights=(Right.WORK,)),
    Place(path="/penyelia", name=N_("Penyelia: tertahan dan gagal kirim"), rights=(Right.PARKED,)),
    Place(
        path="/admin/keadaan",
        name=N_("Keadaan meja"),
        also="status kesehatan disk cadangan",
        rights=(Right.OPERATE, Right.PARKED),
    ),
    Place(path="/templat", name=N_("Templat jawaban"), also="template", rights=(Right.TEMPLATES,)),
    Place(path="/kategori", name=N_("Kategori"), also="tag", rights=(Right.OFFICE,)),
    Place(path="/retensi", name=N_("Retensi dan penghapusan"), also="hapus tahan", rights=(Right.ERASE,)),
    Place(path="/unit", name=N_("Unit"), also="fakultas", rights=(Right.OFFICE,)),
    Place(path="/pintu", name=N_("Pintu masuk: tautan dan kode QR"), rights=(Right.OFFICE,)),
    Place(path="/prosedur", name=N_("SOP"), also="prosedur"),
    Place(path="/prosedur/naskah", name=N_("Naskah SOP"), also="revisi prosedur", rights=(Right.OFFICE,)),
    Place(path="/kalender", name=N_("Kalender kerja"), also="libur", rights=(Right.OFFICE,)),
    Place(path="/petugas", name=N_("Petugas dan pelaksana"), also="lajur plh plt", rights=(Right.STAFF,)),
    Place(path="/akun", name=N_("Akun petugas"), also="sesi sandi login", rights=(Right.STAFF,)),
    Place(path="/hak", name=N_("Siapa boleh apa"), also="izin peran"),
    Place(path="/profil", name=N_("Profil dan sesi"), also="akun sandi bahasa"),
    Place(path="/cari", name=N_("Cari"), also="search"),
)


class Found(Struct, frozen=True, kw_only=True):
    """(address, name) of the places; `number`: a ticket's, if one was typed."""

    places: tuple[tuple[str, str], ...]
    number: str


async def show(request: Request) -> Response:
    """A whole number goes straight to its ticket; with `bagian` only the list, for the panel."""
    typed = request.query_params.get("q", "")[:LONGEST].strip()
    officer = await ask(request, _reader)
    found = look(officer, typed, request)
    if "bagian" in request.query_params:
        return page(request, "_places.html", found=found, typed=typed)
    if found.number:
        return redirect(f"/tiket/{found.number}")
    if typed and len(found.places) == 1:
        return redirect(found.places[0][0])
    return page(request, "jump.html", found=found, typed=typed)


def look(officer: Officer, typed: str, request: Request) -> Found:
    """Places whose name or other words hold every word that was typed, and only those that would open."""
    words, language = typed.lower().split(), language_of(request)
    open_routes = {route.path for route in request.app.routes if isinstance(route, Route)}
    places = []
    for place in PLACES:
        name = translate(place.name, language)
        text = f"{name} {place.name} {place.also}".lower()
        mine = not place.rights or any(officer.may_anywhere(right) for right in place.rights)
        if mine and place.path.partition("?")[0] in open_routes and all(word in text for word in words):
            places.append((place.path, name))
    number = typed.removeprefix("#")
    whole = number.isascii() and number.isdigit() and len(number) <= NUMBER
    return Found(places=tuple(places), number=number if whole else "")


def _reader(_: View, officer: Officer) -> Officer:
    return officer


ROUTES = (Route("/ke", show, methods=["GET"]),)
