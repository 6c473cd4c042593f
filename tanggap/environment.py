"""Secrets come from the environment, or from the `.env` file beside config.yaml."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tanggap.faults import Fault, system_says
from tanggap.language import _
from tanggap.yaml_lines import Keys, Lined

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
HOLE = re.compile(r"\$\{([^}]*)\}?")
OPEN_TO_OTHERS = 0o077


def read_env_file(path: Path) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """KEY=VALUE lines; blank lines and lines that begin with # are skipped. A file that is absent is empty."""
    try:
        text = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode
    except FileNotFoundError:
        return {}, ()
    except (OSError, UnicodeDecodeError) as error:
        return {}, (
            Fault(
                path,
                1,
                "",
                _("tidak dapat dibaca: {reason}", reason=_reason(error)),
                _("periksa pemilik dan isi berkas ini"),
            ),
        )
    found: dict[str, str] = {}
    faults = []
    if mode & OPEN_TO_OTHERS:
        faults.append(
            Fault(
                path,
                1,
                "",
                _("rahasia di sini dapat dibaca pengguna lain"),
                _("jalankan: {command}", command=f"chmod 600 {path}"),
            )
        )
    for number, line in enumerate(text.splitlines(), 1):
        if not (line := line.strip()) or line.startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        if equals and NAME.fullmatch(name.strip()):
            found[name.strip()] = _bare(value.strip())
        else:
            faults.append(
                Fault(
                    path,
                    number,
                    "",
                    _("baris ini bukan NAMA=NILAI"),
                    _("tulis misalnya {example}", example="TELEGRAM_TOKEN=..."),
                )
            )
    return found, tuple(faults)


def _bare(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value


def _reason(error: Exception) -> str:
    return system_says(error) if isinstance(error, OSError) else _("bukan teks UTF-8")


def fill_holes(
    file: Path, lined: Lined, environ: Mapping[str, str]
) -> tuple[Any, tuple[Fault, ...], set[Keys]]:
    """Put values in place of `${NAME}`. Also the paths whose variable is missing: nothing more is to be said of those."""
    faults: list[Fault] = []
    open_paths: set[Keys] = set()

    def fill(value: Any, path: Keys) -> Any:
        if isinstance(value, dict):
            return {key: fill(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item, (*path, str(index))) for index, item in enumerate(value)]
        if not isinstance(value, str) or "${" not in value:
            return value
        for hole in HOLE.finditer(value):
            if wrong := _wrong(hole, environ):
                faults.append(Fault(file, lined.line_of(path), ".".join(path), *wrong))
                open_paths.add(path)
        return HOLE.sub(lambda hole: _plugged(hole, environ.get(hole[1], "")), value)

    return fill(lined.values, ()), tuple(faults), open_paths


def _plugged(hole: re.Match[str], value: str) -> str:
    """The value as it is; before the @ of an address with its signs escaped, so that any password may stand there."""
    before, after = hole.string[: hole.start()], hole.string[hole.end() :]
    return quote(value, safe="") if "://" in before and "@" in after else value


def _wrong(hole: re.Match[str], environ: Mapping[str, str]) -> tuple[str, str] | None:
    """What is wrong with a `${NAME}`, and what to write instead."""
    name = hole[1]
    if not NAME.fullmatch(name) or not hole[0].endswith("}"):
        return _("nama variabel tidak terbaca"), _("tulis misalnya {example}", example="${TELEGRAM_TOKEN}")
    if not environ.get(name):
        return _("variabel {name} belum ada", name=name), _(
            "tulis {name}=... di berkas .env di samping berkas ini", name=name
        )
    return None
