"""A letter that asks for an announcement, made on the spot as PDF: what an office sends to the Humas bot."""

FILE = "surat-permohonan.pdf"
WORDS = """Nomor: 128/UC.BAAK/2026
Perihal: Jadwal wisuda periode IV
Dari: Biro Akademik
Sifat: biasa
Sasaran: mahasiswa tingkat akhir

Wisuda periode IV dilaksanakan Sabtu, 12 Desember 2026, pukul 08.00 WIB di Gedung Serbaguna. Gladi bersih sehari sebelumnya, pukul 13.00 WIB. Keterangan lengkap: https://wisuda.contoh.ac.id"""
PAGE = (595, 842)


def pdf(words: str = WORDS) -> bytes:
    """One page with these lines."""
    shown = [f"({_escaped(line)}) Tj T*" for long in words.splitlines() for line in _wrapped(long)]
    stream = "\n".join(["BT /F1 12 Tf 16 TL 60 770 Td", *shown, "ET"]).encode("latin-1", "replace")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] /Contents 4 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>"
        ).encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    return _file(parts)


def _file(parts: list[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return body + head + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))


def _wrapped(line: str, most: int = 76) -> list[str]:
    found, rest = [], line
    while len(rest) > most:
        place = rest.rfind(" ", 0, most)
        place = place if place > 0 else most
        found.append(rest[:place])
        rest = rest[place:].lstrip()
    return [*found, rest]


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
