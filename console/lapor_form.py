"""What the public form asks, and what is missing in what was filled in."""

import re
from collections.abc import Mapping
from math import isfinite

from msgspec import Struct

from console.uploads import Given, too_large, too_many
from sop.errors import N_
from sop.identity import Claim, Trait
from sop.numbers import numbers_in, phone_of
from sop.office import Category
from sop.text import one_line

CAMPUS, PUBLIC, ANONYMOUS = "kampus", "umum", "anonim"
TEXT = (
    "judul",
    "isi",
    "bidang",
    "idn",
    "nama",
    "nim",
    "surel",
    "telepon",
    "lokasi",
    "situs",
    "kunci",
    "setuju",
    "surat",
    "tanggal",
    "sifat",
    "sasaran",
    "tayang",
)
TRAP = "situs"  # people do not see it; a machine fills it in
LONGEST = 20_000

_COORDINATES = re.compile(r"(-?\d{1,2}[.,]\d{3,10})\s*[;, ]\s*(-?\d{1,3}[.,]\d{3,10})", re.A)
_NIM = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]{4,24}", re.A)


class Fault(Struct, frozen=True):
    """`field` is the id of the input, `short` for the summary, `full` above the field. Both are untranslated."""

    field: str
    short: str
    full: str


class Filled(Struct, frozen=True, kw_only=True):
    """The fields as they were typed: shown again as they are when something is missing."""

    fields: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def named(self) -> bool:
        return self["idn"] in (CAMPUS, PUBLIC)


def filled(form: Given) -> Filled:
    return Filled(fields={name: form[name] for name in TEXT})


def empty(key: str, category: str) -> Filled:
    return Filled(fields={"kunci": key, "bidang": category, "idn": CAMPUS})


def faults(typed: Filled, form: Given, category: Category | None, photo: bool) -> tuple[Fault, ...]:
    """What must be mended before the report can be taken in, in the order of the page."""
    found = [*_words(typed), *_identity(typed, category), *_category(typed, category, photo), *_files(form)]
    if not typed["setuju"]:
        found.append(
            Fault(
                "setuju",
                N_("Persetujuan belum diberikan"),
                N_("Centang persetujuan, agar laporan Anda boleh kami tangani"),
            )
        )
    return tuple(found)


def claims_of(typed: Filled) -> tuple[Claim, ...]:
    """What somebody says of themselves, each merely stated; nothing of who wants no name."""
    if not typed.named:
        return ()
    found = []
    if name := one_line(typed["nama"], 120):
        found.append(Claim(Trait.NAME, name))
    if typed["idn"] == CAMPUS and (number := number_of(typed["nim"])):
        found.append(number)
    if mail := mail_of(typed["surel"]):
        found.append(Claim(Trait.EMAIL, mail))
    if phone := phone_of(typed["telepon"]):
        found.append(Claim(Trait.PHONE, phone))
    return tuple(found)


def number_of(text: str) -> Claim | None:
    """A NIP or NIK by its shape, else a NIM; None when it is none of them."""
    line = one_line(text, 40)
    shaped = {kind: value for kind, value in numbers_in(line) if kind in ("nip", "nik")}
    for kind in ("nip", "nik"):
        if kind in shaped:
            return Claim(Trait(kind), shaped[kind])
    enough = sum(letter.isdecimal() for letter in line) >= 5
    return Claim(Trait.NIM, line.upper()) if enough and _NIM.fullmatch(line) else None


def mail_of(text: str) -> str:
    """The address in lower case, "" when it is not a whole one."""
    line = one_line(text, 120).lower()
    return line if dict(numbers_in(line)).get("email") == line else ""


def coordinates(text: str) -> tuple[float, float] | None:
    """Latitude and longitude, where the place is written so."""
    match = _COORDINATES.search(text)
    if match is None:
        return None
    north, east = (float(part.replace(",", ".")) for part in match.groups())
    return (north, east) if isfinite(north + east) and abs(north) <= 90 and abs(east) <= 180 else None


def _words(typed: Filled) -> list[Fault]:
    found = []
    if typed[TRAP].strip():
        found.append(
            Fault(
                TRAP,
                N_("Isian “situs” harus kosong"),
                N_("Kiriman ini tampak berasal dari mesin. Kosongkan isian ini, lalu kirim lagi"),
            )
        )
    if not typed["isi"].strip():
        found.append(Fault("isi", N_("Isi laporan masih kosong"), N_("Tuliskan isi laporan Anda")))
    elif len(typed["isi"]) > LONGEST:
        found.append(
            Fault(
                "isi",
                N_("Isi laporan terlalu panjang"),
                N_("Persingkat sampai 20.000 karakter, atau lampirkan sebagai berkas"),
            )
        )
    return found


def _identity(typed: Filled, category: Category | None) -> list[Fault]:
    if typed["idn"] not in (CAMPUS, PUBLIC, ANONYMOUS):
        return [Fault("idn", N_("Identitas belum dipilih"), N_("Pilih salah satu"))]
    if not typed.named:
        if category is None or category.identity == "none":
            return []
        return [
            Fault(
                "idn",
                N_("Bidang ini memerlukan identitas"),
                N_("Pilih salah satu identitas selain tanpa nama"),
            )
        ]
    found = []
    if typed["idn"] == PUBLIC and not one_line(typed["nama"]):
        found.append(Fault("nama", N_("Nama masih kosong"), N_("Tuliskan nama Anda")))
    if typed["idn"] == CAMPUS and number_of(typed["nim"]) is None:
        found.append(Fault("nim", N_("NIM atau NIP belum benar"), N_("Tulis lengkap, misalnya 221040037")))
    return [*found, *_contact(typed)]


def _contact(typed: Filled) -> list[Fault]:
    found = []
    mail, phone = typed["surel"].strip(), typed["telepon"].strip()
    if mail and not mail_of(mail):
        found.append(
            Fault("surel", N_("Alamat surel belum lengkap"), N_("Tulis lengkap, misalnya nama@contoh.ac.id"))
        )
    if phone and not phone_of(phone):
        found.append(
            Fault("telepon", N_("Nomor telepon belum benar"), N_("Tulis lengkap, misalnya 0812 3456 7890"))
        )
    if typed["idn"] == CAMPUS and not mail:
        found.append(Fault("surel", N_("Surel kampus masih kosong"), N_("Tuliskan surel kampus Anda")))
    if typed["idn"] == PUBLIC and not mail and not phone:
        found.append(Fault("surel", N_("Kontak masih kosong"), N_("Tuliskan surel atau nomor telepon Anda")))
    return found


def _category(typed: Filled, category: Category | None, photo: bool) -> list[Fault]:
    """JSS: the category demands a photo, a place."""
    if category is None:
        return (
            [Fault("bidang", N_("Bidang tidak dikenal"), N_("Pilih salah satu bidang"))]
            if typed["bidang"]
            else []
        )
    found = []
    if category.needs_location and len(one_line(typed["lokasi"])) < 4:
        found.append(
            Fault(
                "lokasi",
                N_("Lokasi masih kosong"),
                N_("Bidang ini memerlukan lokasi: tuliskan tempatnya atau koordinatnya"),
            )
        )
    if category.needs_photo and not photo:
        found.append(
            Fault(
                "lampiran",
                N_("Foto belum dilampirkan"),
                N_("Bidang ini memerlukan foto: lampirkan setidaknya satu"),
            )
        )
    return found


def _files(form: Given) -> list[Fault]:
    if too_many(form):
        return [
            Fault(
                "lampiran",
                N_("Lampiran lebih dari 5 berkas"),
                N_("Kirim paling banyak 5 berkas; pilih berkasnya lagi"),
            )
        ]
    if too_large(form):
        return [
            Fault(
                "lampiran",
                N_("Lampiran terlalu besar"),
                N_("Paling banyak 10 MB setiap berkas dan 25 MB seluruhnya; pilih berkasnya lagi"),
            )
        ]
    return []
