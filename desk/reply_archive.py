"""Reply templates as one archive: a file for each in the form of templates_replies/, and what they bring along."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from msgspec import Struct

from desk import replies
from sop.errors import N_, DeskError
from sop.office_file import TemplateLine
from sop.text import one_line

MOST = 500  # files in an archive
LARGEST = 10 * 1024 * 1024  # bytes of one of them, unpacked
ALL = 25 * 1024 * 1024
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without asking how much is wanted
FOLDER = "berkas/"  # berkas/KODE.BAHASA/NAMA
EPOCH = (2000, 1, 1, 0, 0, 0)  # the same templates make the same archive


class ArchiveFaulty(DeskError):
    """Refused whole. `list` names every mistake with its file and line."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(
            N_("Berkas templat tidak dapat dipakai. {list}"), count=len(faults), list="\n".join(faults[:20])
        )


class Packed(Struct, frozen=True):
    """A template and the bytes it brings along, by name."""

    line: TemplateLine
    files: Mapping[str, bytes] = {}


def pack(found: Sequence[Packed]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in found:
            name = f"{each.line.code}.{each.line.language}"
            archive.writestr(zipfile.ZipInfo(f"{name}.md", EPOCH), replies.write(each.line))
            for file, content in each.files.items():
                archive.writestr(zipfile.ZipInfo(f"{FOLDER}{name}/{file}", EPOCH), content)
    return target.getvalue()


def unpack(name: str, data: bytes) -> tuple[Packed, ...]:
    """An archive, or one template's file. Raises ArchiveFaulty."""
    if not data.startswith(b"PK"):
        return _read({name or "templat.md": data})
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(_contents(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise ArchiveFaulty([N_("Arsip rusak atau terkunci sandi.")]) from None


def _contents(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """What is in it, read up to the limits whatever the archive says of itself."""
    infos = [each for each in archive.infolist() if not each.is_dir()]
    if len(infos) > MOST:
        raise ArchiveFaulty([N_("Arsip berisi terlalu banyak berkas.")])
    found: dict[str, bytes] = {}
    left = ALL
    for info in infos:
        if info.compress_type not in PACKINGS:
            raise ArchiveFaulty(
                [N_("Arsip dikemas dengan cara yang tidak dikenal. Buat lagi sebagai .zip biasa.")]
            )
        with archive.open(info) as file:
            content = file.read(min(LARGEST, left) + 1)
        left -= len(content)
        if len(content) > LARGEST or left < 0:
            raise ArchiveFaulty([N_("Arsip terlalu besar setelah dibuka.")])
        found[info.filename] = content
    return found


def _read(contents: Mapping[str, bytes]) -> tuple[Packed, ...]:
    faults: list[str] = []
    found: list[Packed] = []
    for name, content in contents.items():
        if name.startswith(FOLDER):
            continue
        line = _line(name, content, faults)
        if line is not None:
            folder = f"{FOLDER}{line.code}.{line.language}/"
            files = {
                one_line(each.removeprefix(folder).replace("/", " "), 120): value
                for each, value in contents.items()
                if each.startswith(folder)
            }
            found.append(Packed(line, files))
    if faults or not found:
        raise ArchiveFaulty(faults or [N_("Tidak ada templat di dalamnya.")])
    return tuple(found)


def _line(name: str, content: bytes, faults: list[str]) -> TemplateLine | None:
    shown = one_line(name, 80)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        faults.append(f"{shown}: bukan teks UTF-8.")
        return None
    file, wrong = replies.read(text)
    faults += (f"{shown}, baris {each.line}: {each.what}" for each in wrong)
    if file is not None and not file.template.code:
        faults.append(f"{shown}: belum ada kode dan nama di kepala berkas.")
        return None
    return file.template if file else None
