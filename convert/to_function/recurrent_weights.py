"""The constructor of a recurrent layer, read, and the tensors that it makes: `weight_ih_l0`, `bias_hh_l1_reverse`, …"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..calls import same_value
from ..ops.recurrent import Recurrent
from ..plan.naming import Names
from ..plan.plan import Kept


@dataclass(frozen=True)
class Built:
    """A constructor: its row, its arguments as texts with the defaults filled in, and the values of literal ones."""

    node: ast.Call
    row: Recurrent
    texts: Mapping[str, str]
    settled: Mapping[str, Any]
    given: frozenset[str] = frozenset()

    @property
    def written(self) -> str:
        """The class as a reader knows it: `nn.LSTM`."""
        return f"nn.{self.row.module}"

    def certain(self, name: str) -> Any:
        """The value of an argument, None where the layer has no such; Kept where the text does not tell it."""
        if name not in self.texts:
            return None
        if name in self.settled:
            return self.settled[name]
        if name in self.given:
            reason = f"{name} is {self.texts[name]}, which is known only when the model is built"
            raise Kept("NF262", self.node, name=self.written, reason=reason)
        return ast.literal_eval(self.texts[name])

    @cached_property
    def factory(self) -> str:
        """What `torch.empty` is told besides the shape."""
        told = [
            f", {name}={self.texts[name]}" for name in ("device", "dtype") if not same_value(self.texts[name], "None")
        ]
        return "".join(told)


@dataclass(frozen=True)
class Weight:
    """One tensor: its slot (`weight_ih`), its key below the layer's name, its attribute and its shape as text.

    `when` is the condition under which it is not None.
    """

    slot: str
    key: str
    attribute: str
    shape: str
    when: str | None = None


def weights_of(built: Built, name: str, names: Names) -> list[list[list[Weight]]]:
    """The tensors by layer and direction, in the order in which torch makes them. Raises Kept."""
    if built.row.one_step:
        return [[_weights(built, name, names, built.texts["input_size"], "")]]
    layers, both = built.certain("num_layers"), built.certain("bidirectional")
    if type(layers) is not int or layers < 1 or type(both) is not bool:
        raise Kept("NF262", built.node, name=built.written, reason="torch would refuse its arguments")
    found: list[list[list[Weight]]] = []
    for layer in range(layers):
        if layer == 0:
            size = built.texts["input_size"]
        else:
            size = built.texts["proj_size"] if built.certain("proj_size") else built.texts["hidden_size"]
            size = times(2, size) if both else size
        ends = (f"_l{layer}", f"_l{layer}_reverse")[: 1 + both]
        found.append([_weights(built, name, names, size, end) for end in ends])
    return found


def _weights(built: Built, name: str, names: Names, size: str, end: str) -> list[Weight]:
    """The tensors of one layer in one direction."""
    hidden = built.texts["hidden_size"]
    rows, projected = times(built.row.gates, hidden), bool(built.certain("proj_size"))
    state = built.texts["proj_size"] if projected else hidden
    shapes = {"weight_ih": f"{rows}, {size}", "weight_hh": f"{rows}, {state}"}
    said = built.texts["bias"]
    when = said if "bias" in built.given and "bias" not in built.settled else None
    if when is not None or built.certain("bias"):
        shapes |= {"bias_ih": rows, "bias_hh": rows}
    if projected:
        shapes["weight_hr"] = f"{state}, {hidden}"
    return [
        Weight(
            slot,
            f"{slot}{end}",
            names.tensor(f"{name}.{slot}{end}"),
            f"{shape}{built.factory}",
            when if slot.startswith("bias") else None,
        )
        for slot, shape in shapes.items()
    ]


def times(count: int, size: str) -> str:
    """`4 * size` as text, in the fewest words."""
    if count == 1:
        return size
    atom = isinstance(
        ast.parse(size, mode="eval").body, (ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.Subscript)
    )
    return f"{count} * {size}" if atom else f"{count} * ({size})"
