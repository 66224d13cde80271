"""A tensor that a module owns and a function is handed, and how torch fills it at first, as data.

Initialisations are a closed set; they are drawn in the order of a row's slots. `uses` names the constructor arguments
that one of them reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Init:
    """How a slot begins."""

    @property
    def uses(self) -> tuple[str, ...]:
        """Constructor arguments that it reads."""
        return ()


@dataclass(frozen=True)
class Zeros(Init):
    """`torch.zeros(shape)`: no draw."""


@dataclass(frozen=True)
class Ones(Init):
    """`torch.ones(shape)`: no draw."""


@dataclass(frozen=True)
class Full(Init):
    """`torch.full(shape, value)` with the value of a constructor argument: no draw."""

    argument: str

    @property
    def uses(self) -> tuple[str, ...]:
        """The argument that holds the value."""
        return (self.argument,)


@dataclass(frozen=True)
class KaimingUniform(Init):
    """`nn.init.kaiming_uniform_(p, a=math.sqrt(5))`."""


@dataclass(frozen=True)
class UniformFanIn(Init):
    """`nn.init.uniform_(p, -bound, bound)`, bound = 1/√fan_in, fan_in as `nn.init` computes it for slot `of`."""

    of: str = "weight"


@dataclass(frozen=True)
class UniformBound(Init):
    """`nn.init.uniform_(p, -bound, bound)`, bound = 1/√size, where size is a name of the shape pattern."""

    size: str


@dataclass(frozen=True)
class DrawnZeros(UniformFanIn):
    """As UniformFanIn, and then zeros: the random numbers are drawn, and none is kept."""


@dataclass(frozen=True)
class XavierUniform(Init):
    """`nn.init.xavier_uniform_(p)`."""


@dataclass(frozen=True)
class XavierNormal(Init):
    """`nn.init.xavier_normal_(p)`."""


@dataclass(frozen=True)
class Normal(Init):
    """`nn.init.normal_(p)`; then, if that constructor argument is not None, its row is zeroed."""

    zero_row: str = ""

    @property
    def uses(self) -> tuple[str, ...]:
        """The argument that names the row, if there is one."""
        return (self.zero_row,) if self.zero_row else ()


@dataclass(frozen=True)
class Counter(Init):
    """`torch.tensor(0, dtype=torch.long)`: a batch counter. `runs` where training mode adds one per call."""

    runs: bool = True


@dataclass(frozen=True)
class Given(Init):
    """The tensor that the constructor was handed; None leaves the slot empty and out of the state."""


@dataclass(frozen=True)
class Slot:
    """A tensor that the module owns and the function is handed: its name on both sides, its shape as a pattern.

    It exists when every flag in `when` holds, and the function is handed None otherwise. A given slot has no pattern:
    it has the shape of what it is given. `below` is the path of a module inside that keeps it under a name of its own
    (`out_proj.weight` for the argument out_proj_weight).
    """

    name: str
    shape: str
    kind: Literal["parameter", "buffer"] = "parameter"
    when: tuple[str, ...] = ()
    init: Init = field(default_factory=Zeros)
    below: str = ""

    @property
    def key(self) -> str:
        """What the module calls it, which is also its state key there."""
        return self.below or self.name

    @property
    def given(self) -> bool:
        """Whether the constructor takes the tensor itself (`weight=` of a loss) and only keeps it."""
        return isinstance(self.init, Given)

    @property
    def counts(self) -> bool:
        """Whether this is the module's own counter, which the function does not know."""
        return isinstance(self.init, Counter)


def given(name: str) -> Slot:
    """A buffer that is handed to the constructor."""
    return Slot(name, "", kind="buffer", init=Given())
