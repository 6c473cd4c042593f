"""The JSON Schema of a procedure file, so that an editor completes keys and underlines slips."""

from collections.abc import Mapping
from typing import Any

from sop.procedure_words import (
    ASKED,
    BREACHES,
    CASES,
    DECISION,
    HEADER,
    KINDS,
    LANE,
    LOOP,
    ROLES,
    ROUTINES,
    SIGNER,
    STEP,
    USUAL,
    Shape,
)

TEXT = {"type": ["string", "number"]}
FLAG = {"enum": ["ya", "tidak", True, False]}
SHAPES: dict[Shape, dict[str, Any]] = {
    "text": TEXT,
    "texts": {"anyOf": [{"type": "array", "items": TEXT}, {"type": "string"}]},
    "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "flag": FLAG,
    "limit": {"type": "string", "examples": ["15 menit", "2 jam", "1 hari kerja", "3 hari", "1 x 24 jam"]},
    "count": {"type": "integer", "minimum": 1, "maximum": 99},
    "list": {"type": "array"},
    "mapping": {"type": "object"},
    "next": {},
}
NAME = {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"}
HOURS = {"enum": ["kerja", "24x7"]}
REASON = {"enum": list(ASKED)}
KIND = {"enum": list(KINDS)}


def schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12. What it accepts may still be refused by `read`: a schema sees no loops."""
    loop = _object(LOOP, {"sifat": KIND, "alasan": REASON, "id": NAME}, ["paling_banyak"])
    decision = _object(
        DECISION,
        {
            "sifat": KIND,
            "alasan": REASON,
            "ulang": loop,
            "kode": {"type": "object", "additionalProperties": TEXT},
        },
        ["ke"],
    )
    choice = {"anyOf": [{"type": "string"}, decision]}
    ways = {"type": "object", "properties": dict.fromkeys(USUAL, choice), "additionalProperties": choice}
    step = _object(
        STEP,
        {
            "id": NAME,
            "jam": HOURS,
            "rutin": {"enum": list(ROUTINES)},
            "next": {"anyOf": [{"type": "string"}, ways]},
        },
        ["id", "kegiatan"],
    )
    step["oneOf"] = [{"required": ["lane"]}, {"required": ["ladder"]}]
    lane = _object(LANE, {"id": NAME, "peran": {"enum": list(ROLES)}}, ["id", "nama", "peran"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "SOP",
        **_object(HEADER, _top(lane, step), ["sop", "judul", "efektif", "lanes", "steps"]),
    }


def _top(lane: dict[str, Any], step: dict[str, Any]) -> dict[str, Any]:
    return {
        "sop": NAME,
        "jenis": {"enum": list(CASES)},
        "hk": {"enum": ["jam_sama", "akhir_hari"]},
        "hari": {"enum": ["kerja", "kalender"]},
        "jam": HOURS,
        "on_breach": {"enum": list(BREACHES)},
        "pengesahan": {"type": "array", "items": _object(SIGNER, {}, ["peran"])},
        "lanes": {"type": "array", "minItems": 1, "items": lane},
        "steps": {"type": "array", "minItems": 1, "items": step},
    }


def _object(keys: Mapping[str, Shape], own: Mapping[str, Any], needed: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": needed,
        "properties": {key: own.get(key, SHAPES[shape]) for key, shape in keys.items()},
    }
