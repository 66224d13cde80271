"""The method that runs layers of which only the run tells the kind: `if layer.kind == 'Conv2d': …`, a branch for each.

Every layer is an object with its tensors and the name of its kind; what is no such object is a module, and is called.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from ..plan.edits import Line, line
from ..plan.plan import Kept
from ..plan.single import after_call, before_call, the_call, the_input
from ..plan.spelling import Speller
from ..plan.wrap import statement_lines
from .agree import Layer, differing_arguments, level
from .call import written
from .form import Form

_WORDS = ("layer", "member", "module")


@dataclass(frozen=True)
class Kind:
    """Layers that one line of code runs: the word on each of them, and their form."""

    word: str
    layers: tuple[Layer, ...]

    @property
    def form(self) -> Form:
        form = self.layers[0].form
        assert form is not None
        return form


def kinds_of(layers: Iterable[Layer], read: Callable[[Layer, frozenset[str]], None]) -> list[Kind]:
    """Bring layers of each torch class to one form, what they say differently kept on each; else to several.

    `read` gives a layer its form, with certain arguments kept on it, or its reason to stay.
    """
    rows: dict[str, list[Layer]] = {}
    for layer in layers:
        if layer.reason is None and layer.form is not None:
            rows.setdefault(layer.built.pair.module, []).append(layer)
    found: list[Kind] = []
    for module, same in rows.items():
        parts = [same] if _agree(same, read) else _apart(same, read)
        found += [Kind(f"{module}_{index}" if index else module, tuple(part)) for index, part in enumerate(parts)]
    return found


def _agree(layers: Sequence[Layer], read: Callable[[Layer, frozenset[str]], None]) -> bool:
    held: frozenset[str] = frozenset()
    while (differing := differing_arguments(layers)) and not differing <= held and "" not in differing:
        held |= differing
        for layer in layers:
            read(layer, held)
        if any(layer.reason is not None for layer in layers):
            return False
    if differing:
        return False
    level(layers)
    return True


def _apart(layers: Sequence[Layer], read: Callable[[Layer, frozenset[str]], None]) -> list[list[Layer]]:
    """Layers by what their calls say."""
    groups: dict[object, list[Layer]] = {}
    for layer in layers:
        layer.reason = None
        read(layer, frozenset())
        if layer.form is not None and layer.reason is None:
            groups.setdefault((tuple(layer.form.arguments.items()), layer.form.padding), []).append(layer)
    for group in groups.values():
        level(group)
    return list(groups.values())


@dataclass(frozen=True)
class Runner:
    """The method that runs a container. `guests` where modules that stay may be among the layers.

    `name` is the method, where containers are run whole; `whole` the attribute, with `.values()` for a dictionary, if
    it runs only that; `each` the name of the method that runs one layer, where one is asked for; `lists` and `dicts`
    where such containers may stand among the layers.
    """

    name: str | None
    kinds: tuple[Kind, ...]
    guests: bool
    whole: str | None
    each: str | None = None
    lists: bool = False
    dicts: bool = False

    @property
    def tells_kinds(self) -> bool:
        """Whether a layer needs the word of its kind."""
        return len(self.kinds) > 1

    def lines(self, speller: Speller, at: ast.AST) -> list[Line]:
        """The method, and the one that it calls for each layer."""
        layer = self._word()
        given = "layers" if self.whole is None else f"self.{self.whole}"
        takes = "self, layers, x" if self.whole is None else "self, x"
        loop = line(f"for {layer} in {given}:", depth=1)
        lines = [Line(()), line(f"def {self.name}({takes}):"), loop]
        if self.each is None:
            return [*lines, *self._branches(layer, speller, at, depth=2), line("return x", depth=1)]
        lines += [line(f"x = self.{self.each}({layer}, x)", depth=2), line("return x", depth=1)]
        if self.name is None:
            lines = []
        head = [Line(()), line(f"def {self.each}(self, {layer}, x):")]
        return [*lines, *head, *self._branches(layer, speller, at, depth=1), line("return x", depth=1)]

    def _word(self) -> str:
        """What the loop calls a layer: no name that the calls mean otherwise."""
        texts = [text for kind in self.kinds for text in kind.form.arguments.values()]
        used = {
            node.id
            for text in texts
            for node in ast.walk(ast.parse(text.replace("{self}", "self").replace("{home}", "home"), mode="eval"))
            if isinstance(node, ast.Name)
        }
        if used & {"x", "layers"} or not (free := [word for word in _WORDS if word not in used]):
            raise Kept("NF225", reason="no name for a local is free")
        return free[0]

    def _branches(self, layer: str, speller: Speller, at: ast.AST, depth: int) -> list[Line]:
        if (self.guests or self.lists or self.dicts) and "type" in speller.source.scopes.root.bindings:
            raise Kept("NF225", reason="`type` means something else in this file")
        module = speller.spell("torch.nn.Module", at)
        tests: list[tuple[str, list[Line]]] = []
        if self.lists:
            path = speller.spell("torch.nn.ModuleList", at)
            tests.append((f"type({layer}) is {path}", [line(f"x = self.{self.name}({layer}, x)")]))
        if self.dicts:
            path = speller.spell("torch.nn.ModuleDict", at)
            tests.append((f"type({layer}) is {path}", [line(f"x = self.{self.name}({layer}.values(), x)")]))
        if self.guests:
            tests.append((f"type({layer}) is not {module}", [line(f"x = {layer}(x)")]))
        silent = [kind for kind in self.kinds if not kind.form.pair.function_path]
        for kind in self.kinds:
            if kind not in silent:
                tests.append((f"{layer}.kind == {kind.word!r}", self._run(kind, layer, speller, at)))
        found: list[Line] = []
        for number, (test, body) in enumerate(tests):
            if len(tests) == 1 and not silent:
                return [Line(one.parts, one.depth + depth) for one in body]
            word = "if" if not number else "elif"
            last = number + 1 == len(tests) and not silent
            found.append(line("else:" if last else f"{word} {test}:", depth=depth))
            found += [Line(one.parts, one.depth + depth + 1) for one in body]
        return found or [line("pass", depth=depth)]

    def _run(self, kind: Kind, layer: str, speller: Speller, at: ast.AST) -> list[Line]:
        form = kind.form
        own = {name: text.replace("{self}.training", f"{layer}.training") for name, text in form.arguments.items()}
        form = replace(form, arguments=own).at(layer)
        lines: list[Line] = []
        if form.counter is not None:
            lines += [line(f"if {layer}.training:"), line(f"{layer}.{form.counter.attribute}.add_(1)", depth=1)]
        if not form.pair.other_ranks:
            return [*lines, *statement_lines(f"x = {written(form, {form.pair.data[0]: 'x'}, 'self', speller, at)}", 0)]
        text = written(form, {form.pair.data[0]: the_input()}, "self", speller, at)
        lines += map(line, before_call(form.pair))
        return [*lines, *statement_lines(the_call(text), 0), line(f"x = {after_call()}")]
