"""What the matrix of rights asks for: the address and the form of each route and act, for one unit's things."""

import re
from typing import Any

from sop.unsubscribing import token_of
from tests.console.conftest import SECRET
from tests.console.houses import Thing


def asked_for(path: str, act: str, thing: Thing) -> str:
    """The address with its holes filled."""
    numbers = {
        "/berkas/{number:int}": thing.file,
        "/berkas/{number:int}/kecil": thing.file,
        "/status/{token}/berkas/{number:int}": thing.file,
        "/kasus/{token}/lampiran/{number:int}": 1,
        "/loket/telepon/{number:int}": thing.call,
        "/gagal/{number:int}": thing.letter,
        "/gagal/{number:int}/{act}": thing.letter,
        "/templat-wa/{number:int}": 9999 if thing.letter == 9999 else 1,
        "/templat-wa/{number:int}/{act}": 9999 if thing.letter == 9999 else 1,
        "/tampilan/{number:int}": thing.view,
        "/kategori/{number:int}": thing.category,
        "/kategori/{number:int}/{act}": thing.category,
        "/humas/sasaran/{number:int}/{act}": thing.place,
        "/humas/topik/{number:int}/{act}": thing.topic,
    }
    number = numbers.get(path, thing.template)
    holes = {
        "number": thing.number,
        "number:int": str(number),
        "file:int": str(thing.file),
        "token": {
            "kasus": thing.link,
            "pintu": thing.door,
            "langganan": thing.wish,
            "berhenti": token_of(SECRET, thing.letter),
        }.get(path.split("/")[1], thing.token),
        "way": "web",
        "form": "csv",
        "unit": thing.unit,
        "login": thing.login,
        "category": "akun" if thing.unit != "tidakada" else "tidakada",
        "code": thing.unit if path.startswith("/unit") else thing.sop,
        "act": act,
    }
    address = re.sub(r"{([a-z:]+)}", lambda hole: holes[hole[1]], path)
    if path.startswith("/publikasi"):
        address = address.replace(thing.number, thing.publication, 1).replace(
            f"berkas/{thing.file}", f"berkas/{thing.enclosure}"
        )
    return address + {
        "/live": f"?tiket={thing.number}",
        "/cari": f"?q={thing.number}",
        "/cari/cepat": f"?q={thing.number}",
    }.get(path, "")


def form_of(path: str, act: str, thing: Thing, token: str) -> dict[str, Any]:
    """A form in which nothing is missing, so that only a right can."""
    words = {
        "token": token,
        "kunci": f"a-key-of-{thing.unit}",
        "lewat": "telepon",
        "sid": f"HX{thing.template:032}",
        "aksi": {"pakai": f"pakai.{thing.template}"}.get(act, act),
        "isi": "Baik.",
        "catatan": "Baik.",
        "nama": "Bu Ani",
        "kepada": thing.login,
        "ke": thing.number,
        "lain": thing.number,
        "tambah": "akun",
        "klaim": thing.claim,
        "sah": "1",
        "cara": "Kartu",
        "kunjungan": str(thing.visit),
        "langkah": str(thing.visit),
        "keputusan": thing.decision,
        "alasan": "Sesuai kebijakan.",
        "surat": str(thing.letter),
        "sesi": thing.session,
        "tautan": thing.token,
        "setuju": "ya",
        "idn": "anonim",
        "sumber": "telepon",
        "nilai": "5",
        "tuntas": "ya",
        "yakin": "ya",
        "unit": thing.unit,
        "mulai": "2026-06-01",
        "naskah": thing.source or "sop: x",
    }
    return words | _of_route(path, act, thing)


def _of_route(path: str, act: str, thing: Thing) -> dict[str, Any]:
    """What a route calls by a name that means something else elsewhere."""
    more: dict[str, dict[str, Any]] = {
        "/penyelia/{act}": {"nomor": str(thing.letter if act == "kirim" else thing.parked)},
        "/petugas/{act}": {
            "nomor": str(thing.vacancy if act == "terisi" else thing.seat),
            "login": f"baru-{thing.unit}" if act == "baru" else thing.login,
            "lajur": "wr",
            "hadir": "1",
            "sebab": "pensiun",
            "mulai": "",
        },
        "/kategori": {"kode": f"baru-{thing.unit}", "unit": str(thing.unit_id)},
        "/kategori/{number:int}": {"unit": str(thing.unit_id)},
        "/kategori/{number:int}/{act}": {"ke": str(thing.target)},
        "/unit": {"kode": f"baru-{thing.unit}"},
        "/humas/sasaran": {"jenis": "tangan", "media": f"Papan {thing.unit}", "media_unit": str(thing.humas)},
        "/humas/topik": {"topik": "Baru", "kode": f"baru-{thing.unit}", "topik_unit": str(thing.humas)},
        "/humas/topik/{number:int}/{act}": {"kanal": "mail"},
        "/kalender": {"kode": thing.calendar, "tanggal": "2026-03-09", "dasar": "SE 1"},
    }
    more["/publikasi/{number}"] = {
        "aksi": {
            "putus": "putus.disposisi",
            "tautan": "tautan.1",
            "keluarkan": f"keluarkan.{thing.enclosure}",
        }.get(act, act),
        "kunjungan": str(thing.stay),
        "dibaca": "1",
        "naskah": "Kampus libur.",
        "waktu": "2026-03-20T08:00",
        "ralat": "Kampus tidak libur.",
        "sasaran-tampil": "",
        "periksa-tampil": "1",
    }
    more["/humas/baru"] = {"perihal": "Libur", "sifat": "biasa", "waktu": "", "tanggal": "2026-03-01"}
    if path.startswith("/tampilan"):
        more[path] = {"nama": f"daftar {thing.unit}"}
    if path == "/borongan":
        more[path] = {"pilih": thing.number, "kategori": "akun"}
    if path.startswith("/templat"):
        more[path] = {"kode": "baru", "unit": str(thing.unit_id)}
    return more.get(path, {})
