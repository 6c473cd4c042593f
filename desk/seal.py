"""An archive as one ZIP that is the same whenever it is made, and whether a ZIP is what the chain of events says."""

import contextlib
import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from desk.archive_page import page
from sop.errors import N_, DeskError
from store.archives import Archive

MANIFEST, INDEX = "manifest.json", "index.html"
LARGEST = 500_000_000  # bytes of all parts together
UNREADABLE = (zipfile.BadZipFile, KeyError, TypeError, ValueError, NotImplementedError, RuntimeError)


class ArchiveBroken(DeskError):
    def __init__(self, number: str, what: str) -> None:
        super().__init__(
            N_("Arsip {number} tidak utuh: {what}. Hubungi admin sistem; jangan mengubah berkasnya."),
            number=number,
            what=what,
        )


def canonical(number: str, parts: Sequence[Mapping[str, Any]]) -> bytes:
    """The manifest's bytes: what its hash is made of."""
    shown = [{"name": each["name"], "sha256": each["sha256"], "size": each["size"]} for each in parts]
    return msgspec.json.encode({"parts": shown, "publication": number}, order="sorted")


def packed(archive: Archive, root: Path, zone: str) -> bytes:
    """The ZIP: every part, the manifest and a page to read and print. `root` is the folder of kept files, `zone` the
    office's. Blocking. Raises ArchiveBroken when a part is missing or not what it was."""
    manifest = archive.manifest
    number, texts = str(manifest["publication"]), manifest["texts"]
    at = datetime.fromisoformat(manifest["at"])
    contents = {MANIFEST: canonical(number, manifest["parts"])}
    contents[INDEX] = page(manifest, archive.sha256, zone).encode()
    for part in manifest["parts"]:
        name = part["name"]
        contents[name] = texts[name].encode() if name in texts else _read(root / part["path"], number, name)
        if sha256(contents[name]).hexdigest() != part["sha256"]:
            raise ArchiveBroken(number, name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in sorted(contents.items()):
            info = zipfile.ZipInfo(name, date_time=(at.year, at.month, at.day, at.hour, at.minute, at.second))
            info.external_attr, info.create_system = 0o644 << 16, 3
            bundle.writestr(info, content)
    return out.getvalue()


def number_in(data: bytes) -> str:
    """The publication that a ZIP says it is of; "" when it is no archive of ours."""
    with contextlib.suppress(*UNREADABLE), zipfile.ZipFile(io.BytesIO(data)) as bundle:
        if bundle.getinfo(MANIFEST).file_size <= LARGEST:
            return str(msgspec.json.decode(bundle.read(MANIFEST))["publication"])
    return ""


def broken(data: bytes, sealed: Collection[str]) -> str:
    """What in a ZIP is not as the chain of events says (`sealed`: the manifests' hashes), by its name; "" when its parts
    are whole. The page to read is no part: `packed` says what it was."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            if sum(each.file_size for each in bundle.infolist()) > LARGEST:
                return MANIFEST
            manifest = bundle.read(MANIFEST)
            if sha256(manifest).hexdigest() not in sealed:
                return MANIFEST
            parts = {each["name"]: each["sha256"] for each in msgspec.json.decode(manifest)["parts"]}
            names = bundle.namelist()
            more = [each for each in names if each not in {*parts, MANIFEST, INDEX} or names.count(each) > 1]
            wrong = (name for name, kept in parts.items() if sha256(bundle.read(name)).hexdigest() != kept)
            return next(iter(more), "") or next(wrong, "")
    except UNREADABLE:
        return MANIFEST


def _read(path: Path, number: str, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise ArchiveBroken(number, name) from None
