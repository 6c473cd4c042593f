"""pydantic's findings as faults in words, each with its line."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sop.errors import N_
from tanggap.faults import Fault, suggestion
from tanggap.language import _
from tanggap.yaml_lines import Keys, Lined

M = TypeVar("M", bound=BaseModel)

WORDS = {
    "missing": (N_("wajib diisi"), ""),
    "string_type": (N_("harus teks"), N_("beri tanda kutip")),
    "string_too_short": (N_("masih kosong atau terlalu pendek"), ""),
    "string_too_long": (N_("terlalu panjang"), ""),
    "string_unicode": (N_("berisi karakter yang bukan teks"), ""),
    "finite_number": (N_("harus bilangan bulat"), ""),
    "int_parsing_size": (N_("bilangan ini terlalu besar"), ""),
    "int_type": (N_("harus bilangan bulat"), ""),
    "int_parsing": (N_("harus bilangan bulat"), ""),
    "int_from_float": (N_("harus bilangan bulat"), ""),
    "float_type": (N_("harus bilangan"), ""),
    "float_parsing": (N_("harus bilangan"), ""),
    "bool_type": (N_("harus true atau false"), ""),
    "bool_parsing": (N_("harus true atau false"), ""),
    "model_type": (N_("harus berisi kunci dan nilai"), ""),
    "dict_type": (N_("harus berisi kunci dan nilai"), ""),
    "model_attributes_type": (N_("harus berisi kunci dan nilai"), ""),
    "list_type": (N_("harus daftar"), N_("tulis misalnya [a, b]")),
    "tuple_type": (N_("harus daftar"), N_("tulis misalnya [a, b]")),
    "path_type": (N_("harus nama berkas atau folder"), ""),
    "ip_v4_network": (N_("bukan alamat jaringan"), N_("tulis misalnya 10.0.0.0/8")),
    "ip_v6_network": (N_("bukan alamat jaringan"), N_("tulis misalnya 10.0.0.0/8")),
    "url_parsing": (N_("bukan alamat web"), ""),
    "url_scheme": (N_("bukan alamat web"), ""),
}


class Checker:
    """Checks blocks one by one and gathers what is wrong with any of them."""

    def __init__(
        self, file: Path, lined: Lined, open_paths: set[Keys], homes: Mapping[str, Keys] | None = None
    ) -> None:
        """`homes`: key -> the one place where it belongs, for a key that is found elsewhere."""
        self.file = file
        self.homes = homes or {}
        self.lined = lined
        self.open_paths = open_paths
        self.faults: list[Fault] = []

    def check(self, form: type[M], values: Any, path: Keys) -> M | None:
        """The block as a value, or None with the faults noted. An empty block is one without keys."""
        try:
            return form.model_validate({} if values is None else values)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                self._note(form, path, detail)
            return None

    def mapping(self, values: Any, path: Keys, known: Iterable[str]) -> dict[str, Any]:
        """The known keys of a block; any other is noted."""
        if values is None:
            return {}
        if not isinstance(values, dict):
            what, _remedy = WORDS["dict_type"]
            self.add(path, _(what))
            return {}
        names = list(known)
        for key in values.keys() - set(names):
            self._unknown((*path, key), names)
        return {key: values[key] for key in names if key in values}

    def _note(self, form: type[BaseModel], path: Keys, detail: ErrorDetails) -> None:
        unknown = detail["type"] == "extra_forbidden"
        key = detail["loc"][-1:] if unknown else ()  # a name of the file, whatever it looks like
        steps = detail["loc"][: len(detail["loc"]) - len(key)]
        inner = (*(str(step) for step in steps if not _is_branch(step)), *map(str, key))
        where = (*path, *inner)
        if any(path[: len(where)] == where for path in self.open_paths):
            return
        if unknown:
            self._unknown(where, _keys(form, inner[:-1]))
        else:
            self.add(where, *_words(detail))

    def _unknown(self, where: Keys, known: list[str]) -> None:
        """A key that belongs elsewhere is sent there; one that is unknown everywhere brings the nearest name."""
        key = where[-1]
        home = None if key in known else self.homes.get(key)
        moved = _("pindahkan ke {place}", place=".".join((*home, key))) if home else ""
        self.add(where, _("kunci ini tidak dikenal"), moved or suggestion(key, known))

    def add(self, path: Keys, what: str, remedy: str = "") -> None:
        fault = Fault(self.file, self.lined.line_of(path), ".".join(path), what, remedy)
        if fault not in self.faults:
            self.faults.append(fault)


def _is_branch(step: int | str) -> bool:
    """pydantic names the branch of a union in the path; it is no key of the file."""
    return isinstance(step, str) and (step in {"IPv4Network", "IPv6Network"} or "[" in step)


def _words(detail: ErrorDetails) -> tuple[str, str]:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            what, _semicolon, remedy = _(str(context["error"])).partition("; ")
            return what, remedy
        case "literal_error" | "enum":
            known = context["expected"].replace("'", "").replace(" or ", ", ")
            return _("nilai ini tidak dikenal"), _("pilih: {known}", known=known)
        case "greater_than_equal":
            return _("paling kecil {least}", least=context["ge"]), ""
        case "less_than_equal":
            return _("paling besar {most}", most=context["le"]), ""
        case "string_pattern_mismatch":
            return _("bentuknya tidak sesuai"), _("pola: {pattern}", pattern=context["pattern"])
        case kind:
            what, remedy = WORDS.get(kind, (detail["msg"], ""))
            return _(what), _(remedy)


def _keys(form: type[BaseModel], inner: Keys) -> list[str]:
    """The keys that a block, or the block within it, may hold, as they are written in the file."""
    for step in inner:
        field = form.model_fields.get(step)
        forms = _forms(field.annotation) if field else []
        if not forms:
            return []
        form = forms[0]
    return [field.alias or name for name, field in form.model_fields.items()]


def _forms(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [form for part in getattr(annotation, "__args__", ()) for form in _forms(part)]
