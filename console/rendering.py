"""The templates of one language: what is the same on every page is put together once, when a template is compiled.

A template is written as Jinja has it. Compiled, `_("Tutup")` is the word itself, the holes of `_("{n} baris", n=n)` stand
between their words, and what is included or repeated is gathered whole, in place of passing each piece up through every
page around it.
"""

import string
from collections.abc import Callable
from pathlib import Path
from types import BuiltinMethodType, FunctionType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

from sop.language import Language, translate

FOLDER = Path(__file__).parent / "pages"


class Pages(Environment):
    """Whatever a page shows is escaped, and what it names must be there. `language`: of `_` in its templates."""

    def __init__(self, language: Language) -> None:
        super().__init__(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # as styles and scripts: read once, when the desk starts
        )
        self.language = language
        self.context_class = _Calls

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        return super()._generate(_Ahead(self.language).visit(source), name, filename, defer_init)


_PLAIN = (FunctionType, BuiltinMethodType)


class _Calls(Context):
    """Functions of ours take neither context nor environment: they are called as they are."""

    def call(self, thing: Any, *args: Any, **words: Any) -> Any:
        if type(thing) not in _PLAIN:
            return super().call(thing, *args, **words)
        words.pop("_loop_vars", None)
        words.pop("_block_vars", None)
        return thing(*args, **words)


class _Ahead(NodeTransformer):
    """What of a template is known before there is a page."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._gathering = False

    def get_visitor(self, node: nodes.Node) -> Callable[..., nodes.Node] | None:
        kinds: dict[type[nodes.Node], Callable[..., nodes.Node]] = {
            nodes.Output: self._output,
            nodes.Call: self._call,
            nodes.Include: _gathered,
            nodes.For: self._for,
        }
        return kinds.get(type(node))

    def _output(self, node: nodes.Output) -> nodes.Node:
        node.nodes = [piece for each in node.nodes for piece in self._pieces(each)]
        return node

    def _call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        words = self._words(node)
        return node if words is None or node.kwargs else nodes.Const(words, lineno=node.lineno)

    def _for(self, node: nodes.For) -> nodes.Node:
        outermost, self._gathering = not self._gathering, True
        self.generic_visit(node)
        self._gathering = not outermost
        return _gathered(node) if outermost else node

    def _pieces(self, node: nodes.Expr) -> list[nodes.Expr]:
        """A sentence with holes as words and values in turn."""
        seen = self.visit(node)
        if not isinstance(seen, nodes.Call) or not (words := self._words(seen)):
            return [seen]
        return _parted(words, {each.key: each.value for each in seen.kwargs}) or [seen]

    def _words(self, node: nodes.Call) -> str | None:
        """The sentence in this language, where the call is of `_` with one that is written there."""
        if not isinstance(node.node, nodes.Name) or node.node.name != "_" or len(node.args) != 1:
            return None
        said = node.args[0]
        if node.dyn_args or node.dyn_kwargs or not isinstance(said, nodes.Const):
            return None
        return translate(said.value, self._language)


def _parted(words: str, given: dict[str, nodes.Expr]) -> list[nodes.Expr] | None:
    """None: the holes are not those of the call, which is left to `translate`."""
    found: list[nodes.Expr] = []
    try:
        for before, hole, form, conversion in string.Formatter().parse(words):
            found += [nodes.Const(before)] if before else []
            if hole is not None:
                if form or conversion:
                    return None
                found.append(given[hole])
    except (ValueError, KeyError):
        return None
    return found


def _gathered(node: nodes.Stmt) -> nodes.Stmt:
    safe = nodes.Filter(None, "safe", [], [], None, None, lineno=node.lineno)
    return nodes.FilterBlock([node], safe, lineno=node.lineno)
