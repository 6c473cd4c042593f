"""The index page of an archive: one HTML file without anything from outside, to read and to print."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from sop.wording import clock_time, month

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:66rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{border:1px solid #c9d1d9;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:break-word}
th{background:#f2f4f7}.long{overflow-wrap:anywhere;min-width:7rem}.scroll{overflow-x:auto}pre{white-space:pre-wrap;border-left:3px solid #c9d1d9;padding-left:.8rem;font:inherit}
code{font-size:.8rem;overflow-wrap:anywhere}
@media print{body{margin:0;max-width:none;font-size:9.5pt}.scroll{overflow:visible}a{color:inherit}tr{break-inside:avoid}}
"""
LONG = frozenset({"tautan", "id_pesan", "penerima", "naskah", "isi", "sebab"})
WORDS = {
    "jenis": {
        "publish": "pengumuman",
        "erratum": "ralat",
        "withdrawal": "penarikan",
        "pin": "sematan",
        "unpin": "lepas sematan",
        "channel": "saluran",
        "group": "grup",
        "subscribers": "pelanggan",
        "hand": "dengan tangan",
    },
    "keadaan": {
        "planned": "terjadwal",
        "running": "sedang dikirim",
        "paused": "dijeda",
        "proposed": "menunggu persetujuan",
        "done": "selesai",
        "stopped": "dihentikan",
        "waiting": "belum dikirim",
        "queued": "antre",
        "sending": "sedang dikirim",
        "sent": "terkirim",
        "delivered": "sampai",
        "read": "dibaca",
        "failed": "tidak sampai",
        "unknown": "tidak pasti",
        "withdrawn": "dibatalkan",
        "keyed": "tayang",
        "open": "menunggu petugas",
    },
    "saluran": {"telegram": "Telegram", "whatsapp": "WhatsApp", "mail": "surel", "hand": "tangan"},
    "jalan": {
        "console": "konsol",
        "humas": "bot Humas",
        "web": "formulir",
        "mail": "surel",
        "telegram": "Telegram",
        "whatsapp": "WhatsApp",
        "counter": "loket",
    },
}
"""What a code of the JSON files is called for who reads the page, by the name of its field."""
MOST = 500  # receipts on the page; all of them are in tanda-terima.json


def page(manifest: Mapping[str, Any], sealed: str, zone: str) -> str:
    """`sealed` is the manifest's hash; times are on the wall clock of `zone`."""
    texts = {name: json.loads(text) for name, text in manifest["texts"].items()}
    request, receipts = texts["permohonan.json"], texts["tanda-terima.json"]
    local = ZoneInfo(zone)
    body = [
        f"<h1>Arsip publikasi {escape(request['nomor'])}</h1>",
        _facts({**request, "segel manifes (SHA-256)": sealed}, local),
        "<h2>Lembar disposisi</h2>",
        _table(texts["disposisi.json"], local),
        "<h2>Naskah</h2>",
        *(_narration(each, local) for each in texts["narasi.json"]),
        "<h2>Sasaran</h2>",
        _table(texts["sasaran.json"], local),
        "<h2>Penyebaran</h2>",
        _table(texts["penyebaran.json"], local),
        "<h2>Tanda terima</h2>",
        _table(receipts[:MOST], local),
    ]
    if len(receipts) > MOST:
        body.append(f"<p>{MOST} dari {len(receipts)} tanda terima; seluruhnya di tanda-terima.json.</p>")
    body += ["<h2>Isi arsip</h2>", _parts(manifest["parts"])]
    return (
        f'<!doctype html><html lang="id"><meta charset="utf-8"><title>Arsip {escape(request["nomor"])}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>{"".join(body)}</html>'
    )


def _narration(each: Mapping[str, Any], zone: ZoneInfo) -> str:
    marks = [mark for mark in ("layak", "disebar") if each[mark]]
    said = (f"Versi {each['versi']}", each["penulis"], _words(each["ditulis"], zone), *marks)
    return f"<h3>{escape(' · '.join(filter(None, said)))}</h3><pre>{escape(each['naskah'])}</pre>"


def _facts(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    rows = (
        f'<tr><th>{_label(name)}</th><td class="long">{escape(_words(value, zone, name))}</td></tr>'
        for name, value in facts.items()
        if value
    )
    return f"<table>{''.join(rows)}</table>"


def _table(rows: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> str:
    """Without the columns in which nothing stands."""
    if not rows:
        return "<p>Tidak ada.</p>"
    names = [name for name in rows[0] if any(each[name] not in ("", None) for each in rows)]
    heads = "".join(f"<th>{_label(name)}</th>" for name in names)
    lines = (f"<tr>{''.join(_cell(name, row[name], zone) for name in names)}</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{heads}</tr>{"".join(lines)}</table></div>'


def _cell(name: str, value: Any, zone: ZoneInfo) -> str:
    mark = ' class="long"' if name in LONG and value else ""
    return f"<td{mark}>{escape(_words(value, zone, name))}</td>"


def _parts(parts: Iterable[Mapping[str, Any]]) -> str:
    lines = (
        f'<tr><td><a href="{escape(each["name"])}">{escape(each["name"])}</a></td>'
        f"<td>{each['size']}</td><td><code>{each['sha256']}</code></td></tr>"
        for each in parts
    )
    return f"<table><tr><th>Berkas</th><th>Byte</th><th>SHA-256</th></tr>{''.join(lines)}</table>"


def _label(name: str) -> str:
    return escape(name.replace("_", " ").capitalize())


def _words(value: Any, zone: ZoneInfo, name: str = "") -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        said = WORDS["keadaan"]
        return ", ".join(f"{said.get(code, code)} {count}" for code, count in sorted(value.items()))
    if isinstance(value, str) and len(value) > 18 and value[4:5] == "-" and value[10:11] == "T":
        try:
            at = datetime.fromisoformat(value).astimezone(zone)
        except ValueError:
            return value
        day = f"{at.day} {month(at.date())}"
        return f"{day}, {clock_time(at, zone.key)}"
    if isinstance(value, str):
        return WORDS.get(name, {}).get(value, value)
    return str(value)
