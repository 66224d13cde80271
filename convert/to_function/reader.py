"""Reads the constructor of a layer into its functional form, or says why there is no exact one."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from ..calls import same_value
from ..ops import Slot
from ..plan.edits import EditList
from ..plan.initial import created, made_tensor
from ..plan.naming import Names
from ..plan.plan import Kept
from ..plan.spelling import Speller
from ..recognise.calls import Construction
from ..recognise.deliberate import Deliberate
from ..recognise.model import Model
from ..recognise.surroundings import Surroundings
from ..shapes import ShapeMismatch, evaluate
from .form import Apart, Form, Tensor
from .legal import check_arguments
from .padding import explicit_padding
from .settings import SettingsReader


class FormReader:
    """Reads constructors of one model into functional forms."""

    def __init__(
        self,
        model: Model,
        surroundings: Surroundings,
        names: Names,
        speller: Speller,
        edits: EditList,
        *,
        respell: bool = False,
    ) -> None:
        self.model = model
        self.source = model.source
        self.names = names
        self.speller = speller
        self.settings = SettingsReader(model, surroundings, names, speller)
        self.edits = edits
        self.respell = respell
        self._shared: dict[str, str] | None = None

    @contextmanager
    def sharing(self) -> Iterator[None]:
        """Layers read inside never exist together: tensors with one state key get one name."""
        self._shared = {}
        try:
            yield
        finally:
            self._shared = None

    def read(
        self,
        built: Construction,
        key: str,
        values_of: Mapping[str, Deliberate] | None = None,
        *,
        apart: Apart | None = None,
    ) -> Form:
        """The form of a layer whose state keys begin with `key`. Raises Kept where there is no exact one.

        `values_of`: slots that begin with deliberate values instead of the default. `apart`: the layer has an object
        of its own for its tensors and settings.
        """
        pair = built.pair
        if built.fault:
            raise Kept("NF217", name=built.written, reason=built.fault)
        if pair.ways == "to_module":
            raise Kept("NF215", name=built.written, reason=pair.note, cure="Leave the layer a module.")
        if apart is not None and pair.inner:
            raise Kept("NF221", name=built.written, where="in a container, and holds a module itself")
        check_arguments(self.source, built, respell=self.respell)
        values = {name: self._text(node) for name, node in built.args.items()}
        if apart is not None:
            values |= {name: text for name, text in apart.sizes.items() if name in values}
        full = {
            param.name: param.default for param in pair.module_signature.params if param.default is not None
        } | values
        if pair.packing is not None:
            full = pair.packing.settled(full)
        tensors = tuple(self._tensors(built, key, full, values_of or {}, apart))
        arguments, settings = self.settings.read(built, key.replace(".", "_"), values, tensors, apart)
        padding = explicit_padding(self.source, built)
        if padding is not None:
            arguments.pop("padding", None)
        swaps = pair.swap is not None and full[pair.swap.flag] == "True"
        close = swaps and pair.swap is not None and not pair.swap.is_exact(full, pair.packing)
        said = frozenset(values)
        form = Form(pair, settings, tensors, arguments, full, not built.skips, said, padding, swaps, close)
        form.initial_lines("self", "bound", self.speller, built.node)  # they need names, which may be taken
        return form

    def _text(self, node: ast.expr) -> str:
        text = self.edits.says(self.source, node)
        return f"({text})" if "\n" in text or "\r" in text else text

    def _tensors(
        self,
        built: Construction,
        key: str,
        full: Mapping[str, str],
        values_of: Mapping[str, Deliberate],
        apart: Apart | None,
    ) -> list[Tensor]:
        found: list[Tensor] = []
        for slot in built.pair.slots:
            if slot.given:
                if not same_value(full[slot.name], "None"):
                    found.append(Tensor(slot, self._name(key, slot, apart), full[slot.name], None))
                continue
            if built.pair.packing is not None and built.pair.packing.lacks(slot.name, full):
                continue
            exists, when = self._exists(slot, full)
            if exists:
                made = self._made(built, slot, full, values_of.get(slot.key))
                found.append(Tensor(slot, self._name(key, slot, apart), made, when))
        return found

    def _name(self, key: str, slot: Slot, apart: Apart | None) -> str:
        if apart is not None:
            return slot.key
        key = f"{key}.{slot.key}"
        if self._shared is None:
            return self.names.tensor(key)
        if key not in self._shared:
            self._shared[key] = self.names.tensor(key)
        return self._shared[key]

    def _exists(self, slot: Slot, full: Mapping[str, str]) -> tuple[bool, str | None]:
        """Whether the layer has the tensor: yes, no, or under a condition."""
        conditions: list[str] = []
        for flag in slot.when:
            if full[flag] == "False":
                return False, None
            if full[flag] != "True":
                conditions.append(full[flag])
        if conditions and (slot.kind == "buffer" or len(conditions) > 1):
            raise Kept("NF235", text=conditions[0])
        return True, conditions[0] if conditions else None

    def _made(self, built: Construction, slot: Slot, full: Mapping[str, str], chosen: Deliberate | None) -> str:
        """`nn.Parameter(torch.empty(16, 1, 5, 5))`, a zero counter, a buffer's beginning."""
        spell = partial(self.speller.spell, at=built.node)
        factory = {name: full[name] for name in built.pair.factory if not same_value(full[name], "None")}
        given = "".join(f", {name}={text}" for name, text in factory.items())
        if slot.counts:
            device = f", device={factory['device']}" if "device" in factory else ""
            return f"{spell('torch.tensor')}(0, dtype={spell('torch.long')}{device})"
        if chosen is not None and chosen.parameter is not None:
            return self._text(chosen.parameter)
        try:
            axes = evaluate(slot.shape, full, spatial=built.pair.spatial)
        except ShapeMismatch as error:
            raise Kept("NF206", name=slot.name, function=built.written, reason=error.reason) from None
        text = ", ".join(self._axis(axis, built.node) for axis in axes)
        if chosen is not None and chosen.made_by is not None:
            fill = None if chosen.fill is None else self.source.says(chosen.fill)
            tensor = made_tensor(chosen.made_by, text, fill, given, spell)
        elif not slot.counts and built.skips:
            tensor = made_tensor("empty", text, None, given, spell)
        else:
            tensor = created(slot, text, full, given, spell)
        if slot.kind == "buffer":
            return tensor
        frozen = ", requires_grad=False" if chosen is not None and chosen.frozen else ""
        return f"{spell('torch.nn.Parameter')}({tensor}{frozen})"

    def _axis(self, axis: str, at: ast.AST) -> str:
        """`*_pair(k)` with the function as it can be reached here."""
        if not axis.startswith("*_"):
            return axis
        name, _, rest = axis[1:].partition("(")
        return f"*{self.speller.spell(f'torch.nn.modules.utils.{name}', at)}({rest}"
