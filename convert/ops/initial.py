"""Default initialisations, as data: how torch fills a new parameter or buffer, drawn in the order of a row's slots.

`uses` names the constructor arguments that an initialisation reads.
"""

from __future__ import annotations

from dataclasses import dataclass


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
class Normal(Init):
    """`nn.init.normal_(p)`; then, if that constructor argument is not None, its row is zeroed."""

    zero_row: str = ""

    @property
    def uses(self) -> tuple[str, ...]:
        """The argument that names the row, if there is one."""
        return (self.zero_row,) if self.zero_row else ()


@dataclass(frozen=True)
class XavierUniform(Init):
    """`nn.init.xavier_uniform_(p)`."""


@dataclass(frozen=True)
class XavierNormal(Init):
    """`nn.init.xavier_normal_(p)`."""


@dataclass(frozen=True)
class Counter(Init):
    """`torch.tensor(0, dtype=torch.long)`: a batch counter. `runs` where training mode adds one per call."""

    runs: bool = True


@dataclass(frozen=True)
class Given(Init):
    """The tensor that the constructor was handed; None leaves the slot empty and out of the state."""
