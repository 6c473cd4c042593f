"""A YAML file whose every value knows its line, so that a mistake can be pointed at."""

from dataclasses import dataclass, field
from typing import Any

import yaml

from sop.errors import N_
from tanggap.language import _

Keys = tuple[str, ...]


@dataclass(frozen=True)
class Mistake:
    """What keeps a text from being plain YAML. `line` counts from 1."""

    line: int
    path: Keys
    what: str
    remedy: str = ""


@dataclass(frozen=True)
class Lined:
    """Plain values (dict, list, str, int, float, bool, None) and the line of each path, counting from 1."""

    values: Any = None
    lines: dict[Keys, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line_of(self, path: Keys) -> int:
        """The line of the value or, where it is missing, of the nearest block around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


PROBLEMS = {
    "found character '\\t'": N_("ada tanda tab; pakai spasi"),
    "found character": N_("ada tanda yang harus di antara tanda kutip"),
    "expected ',' or": N_("kurung siku atau kurung kurawal tidak ditutup di baris ini atau sebelumnya"),
    "expected the node content": N_(
        "kurung siku atau kurung kurawal tidak ditutup di baris ini atau sebelumnya"
    ),
    "mapping values are not allowed": N_(
        "ada titik dua di dalam nilai, atau lekuknya salah; beri tanda kutip atau sejajarkan"
    ),
    "could not find expected ':'": N_("kunci di baris sebelumnya tidak diikuti titik dua"),
    "found unexpected end of stream": N_("tanda kutip tidak ditutup"),
    "expected <block end>": N_("lekuk baris ini tidak sejajar dengan baris di atasnya"),
    "could not determine a constructor": N_("tanda seru tidak dipakai di sini"),
}


def _problem(said: str) -> str:
    """The library's word for it, in ours where we have one."""
    return next((_(ours) for theirs, ours in PROBLEMS.items() if said.startswith(theirs)), said)


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it out
            raise yaml.MarkedYAMLError(problem=_("tulis nilainya sendiri, bukan *rujukan"), problem_mark=mark)
        return super().compose_node(parent, index)


def read_lined(text: str) -> Lined:
    """Never raises: what is wrong with the text is in `mistakes`. Anchors and aliases are refused."""
    found = Lined()
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        values = _value(loader, node, (), found) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = _("bukan YAML: {problem}", problem=_problem(error.problem or ""))
        return Lined(None, {}, [Mistake(mark.line + 1 if mark else 1, (), said)])
    except yaml.YAMLError:
        return Lined(None, {}, [Mistake(1, (), _("bukan YAML: ada karakter yang tidak dapat dibaca"))])
    except RecursionError:
        return Lined(None, {}, [Mistake(1, (), _("bersarang terlalu dalam"))])
    return Lined(values, found.lines, found.mistakes)


def _value(loader: yaml.SafeLoader, node: yaml.Node, path: Keys, found: Lined) -> Any:
    found.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, path, found)
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*path, str(index)), found) for index, item in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except ValueError:  # it looks like a date or a number, and is none
        remedy = _("beri tanda kutip bila ini teks")
        found.mistakes.append(Mistake(node.start_mark.line + 1, path, _("nilai ini tidak terbaca"), remedy))
        return None


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode, path: Keys, found: Lined) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
        if not key:
            found.mistakes.append(Mistake(line, path, _("kunci harus berupa satu kata")))
        elif key in values:
            first = found.lines[(*path, key)]
            remedy = _("hapus salah satu (yang pertama di baris {line})", line=first)
            found.mistakes.append(Mistake(line, (*path, key), _("kunci ini tertulis dua kali"), remedy))
        else:
            found.lines[(*path, key)] = line
            values[key] = _value(loader, value_node, (*path, key), found)
    return values
