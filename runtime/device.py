"""`torch.device` as a name: cpu is real, meta is a name, everything else is refused when used."""

from __future__ import annotations

from typing import Any

_KINDS = (
    "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga", "maia", "xla", "lazy",
    "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone",
)  # fmt: skip


class device:
    """Where a tensor would live: `device("cpu")`, `device("cuda", 0)`, `device("cuda:1")`."""

    __slots__ = ("index", "type")

    type: str
    index: int | None

    def __init__(self, type: str | int | device, index: int | None = None) -> None:
        spelled = f"cuda:{type}" if isinstance(type, int) else str(type)
        name, colon, number = spelled.partition(":")
        if name not in _KINDS:
            raise RuntimeError(f"Expected one of {', '.join(_KINDS)} device type at start of device string: {name}")
        if colon and not number.isdigit():
            raise RuntimeError(f"Invalid device string: '{spelled}'")
        self.type = name
        self.index = int(number) if colon else index

    def __repr__(self) -> str:
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{index})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __reduce__(self) -> tuple[Any, ...]:
        return device, (self.type, self.index)

    def __enter__(self) -> device:
        if self.type != "meta":
            usable(self)
        standing.append(self)
        return self

    def __exit__(self, *error: object) -> None:
        standing.pop()


CPU = device("cpu")

standing = [CPU]
"""Where new tensors go that are not told: the last one, `with torch.device("meta"):` puts one on top."""


def usable(where: device | str | int | None) -> device:
    """The device to create a tensor on; raises what torch raises for one that is not there.

    AssertionError for cuda (a CPU build of torch raises that), RuntimeError for all others but cpu.
    """
    if where is None:
        return CPU
    wanted = device(where)
    if wanted.type == "cpu":
        return wanted
    if wanted.type == "cuda":
        raise AssertionError("Torch not compiled with CUDA enabled")
    raise RuntimeError(f"this runtime computes on the CPU only: device '{wanted}' is not there")
