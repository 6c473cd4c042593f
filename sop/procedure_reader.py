"""Reads one mapping of a procedure file key by key; what does not fit becomes a fault and a harmless default."""

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from sop.errors import N_, DeskError
from sop.limit import Hours, Limit, limit
from sop.procedure_words import Shape
from sop.procedure_yaml import Entry, Fault, Report

T = TypeVar("T")
IDENTIFIER = re.compile(r"[a-z][a-z0-9-]{0,39}")
WORD = 60  # characters of a name that are compared with the known ones, or shown
YES = {"ya": True, "true": True, "tidak": False, "false": False}


class Reader:
    """One mapping being read. `place` names it in words of the file ("langkah analisa")."""

    def __init__(self, entry: Entry, keys: Mapping[str, Shape], place: str, report: Report) -> None:
        self.line = entry.line
        self.place = place
        self.report = report
        self.found: dict[str, Entry] = {}
        self.misspelt: set[str] = set()
        if not isinstance(entry.value, dict):
            self.fault(
                self.line,
                N_("Isi {place} harus berupa kunci dan nilai."),
                N_("Kunci yang ada: {keys}."),
                keys=keys,
            )
            return
        for key, value in entry.value.items():
            if key in keys:
                self.found[key] = value
                continue
            near = get_close_matches(key[:WORD], keys, 1)
            self.misspelt.update(near)
            advice = N_("Maksud Anda “{near}”?") if near else N_("Kunci yang ada: {keys}.")
            self.fault(
                value.line,
                N_("Kunci “{key}” tidak dikenal pada {place}."),
                advice,
                key=key[:WORD],
                near="".join(near),
                keys=keys,
            )

    def fault(self, line: int, problem: str, advice: str, **params: object) -> None:
        told = {name: ", ".join(each) if isinstance(each, Mapping) else each for name, each in params.items()}
        self.report(Fault(line=line, problem=problem, advice=advice, params={"place": self.place, **told}))

    def line_of(self, key: str) -> int:
        return self.found[key].line if key in self.found else self.line

    def text(self, key: str, default: str = "") -> str:
        value = self.found[key].value if key in self.found else default
        if isinstance(value, str):
            return value
        self.fault(
            self.line_of(key),
            N_("“{key}” pada {place} harus berupa teks."),
            N_("Tulis satu baris teks."),
            key=key,
        )
        return default

    def needed(self, key: str, example: str) -> str:
        """The text of a key that must be there."""
        if found := self.text(key):
            return found
        if key in self.misspelt:
            return ""
        self.fault(
            self.line_of(key),
            N_("“{key}” belum ada pada {place}."),
            N_("Tambahkan, misalnya “{key}: {example}”."),
            key=key,
            example=example,
        )
        return ""

    def identifier(self, key: str, example: str) -> str:
        """A short name that appears in addresses and rows."""
        found = self.needed(key, example)
        if found and not IDENTIFIER.fullmatch(found):
            self.fault(
                self.line_of(key),
                N_("Nama “{name}” pada {place} tidak dapat dipakai."),
                N_("Pakai huruf kecil, angka, dan tanda hubung, paling banyak 40, misalnya {example}."),
                name=found[:WORD],
                example=example,
            )
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.found[key].value if key in self.found else ()
        if isinstance(value, str):
            return (value,) if value else ()
        if isinstance(value, tuple) and all(isinstance(each.value, str) for each in value):
            return tuple(str(each.value) for each in value)
        self.fault(
            self.line_of(key),
            N_("“{key}” pada {place} harus berupa daftar teks."),
            N_("Tulis [satu, dua]."),
            key=key,
        )
        return ()

    def items(self, key: str) -> tuple[Entry, ...]:
        value = self.found[key].value if key in self.found else ()
        if isinstance(value, tuple):
            return value
        self.fault(
            self.line_of(key),
            N_("“{key}” pada {place} harus berupa daftar."),
            N_("Awali setiap isi dengan tanda hubung dan spasi."),
            key=key,
        )
        return ()

    def choice(self, key: str, words: Mapping[str, T], default: T) -> T:
        found = self.text(key)
        if not found or found in words:
            return words.get(found, default)
        near = get_close_matches(found[:WORD], words, 1)
        self.fault(
            self.line_of(key),
            N_("“{key}: {found}” pada {place} tidak dikenal."),
            N_("Maksud Anda “{near}”? Pilihan: {words}.") if near else N_("Pilihan: {words}."),
            key=key,
            found=found[:WORD],
            near="".join(near),
            words=words,
        )
        return default

    def flag(self, key: str, default: bool = False) -> bool:
        return self.choice(key, YES, default)

    def day(self, key: str) -> date | None:
        found = self.text(key)
        try:
            return date.fromisoformat(found) if found else None
        except ValueError:
            self.fault(
                self.line_of(key),
                N_("“{key}: {found}” pada {place} bukan tanggal."),
                N_("Tulis tahun-bulan-tanggal, misalnya 2021-08-06."),
                key=key,
                found=found[:WORD],
            )
            return None

    def count(self, key: str) -> int | None:
        found = self.text(key)
        if found.isdecimal() and 1 <= int(found) <= 99:
            return int(found)
        self.fault(
            self.line_of(key),
            N_("“{key}” pada {place} harus berupa angka 1 sampai 99."),
            N_("Tulis berapa kali langkah boleh diulang, misalnya “{key}: 3”."),
            key=key,
        )
        return None

    def limit(self, key: str, hours: Hours) -> Limit | None:
        found = self.text(key)
        if not found or found == "-":
            return None
        try:
            return limit(found, hours)
        except DeskError as error:
            self.report(
                Fault(
                    line=self.line_of(key),
                    problem=error.message,
                    advice=N_("Perbaiki “{key}” pada {place}."),
                    params={**error.params, "key": key, "place": self.place},
                )
            )
            return None
