"""`nnflip state`: carry a checkpoint over to the converted model, or back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .choices import did_you_mean

if TYPE_CHECKING:
    from ..checkpoint.carry import ClassMap

Source = Annotated[Path, typer.Argument(metavar="CKPT", help="A .safetensors, .npz, .pt, .pth, .ckpt or .bin file.")]
Map = Annotated[Path, typer.Option("--map", metavar="REPORT", help="The report of nnflip convert --report.")]
Out = Annotated[
    Path, typer.Option("--out", "-o", metavar="FILE", help="Where to write it; the ending says the format.")
]
ModelName = Annotated[
    str | None, typer.Option("--model", metavar="NAME", help="The class it belongs to, where several would fit.")
]
Reverse = Annotated[bool, typer.Option("--reverse", help="From the converted model back to the one before.")]
Drop = Annotated[bool, typer.Option("--drop-optimizer", help="Leave the state of optimisers out.")]


def state(
    checkpoint: Source,
    map: Map,
    out: Out,
    model: ModelName = None,
    reverse: Reverse = False,
    drop_optimizer: Drop = False,
) -> None:
    """Carry a checkpoint over to the converted model.

    Tensors are renamed, and transposed where the layout changed, bit for bit; what lies around them in a .pt file
    stays. No code that a checkpoint holds is ever run.

    Exit code: 0 done; 2 could not do it.
    """
    from .screen import complain

    try:
        said = _run(checkpoint, map, out, model, reverse=reverse, drop=drop_optimizer)
    except _Refused as reason:
        complain(str(reason))
        raise typer.Exit(2) from None
    from .screen import say

    say(*said)


class _Refused(Exception):
    """Why it could not be done, in one line."""


def _run(source: Path, report: Path, out: Path, model: str | None, *, reverse: bool, drop: bool) -> list[str]:
    from ..checkpoint.apply import apply
    from ..checkpoint.file import Checkpoint, ending_of, read_checkpoint, write_checkpoint
    from ..checkpoint.tensors import BadCheckpoint
    from ..files.read import read_bytes
    from ..files.trouble import FileTrouble
    from ..files.write import create_file

    place = str(source)
    try:
        endings = ending_of(source), ending_of(out)
        maps = _maps(report, model, reverse=reverse)
        before = read_checkpoint(read_bytes(source, limit=None), endings[0])
        applied = apply(before.root, maps, model=model, drop_optimizer=drop)
        place = str(out)
        create_file(out, write_checkpoint(Checkpoint(applied.root, before.metadata), endings[1]))
    except FileTrouble as trouble:
        raise _Refused(str(trouble)) from None
    except BadCheckpoint as reason:
        said = str(reason)
        raise _Refused(said if said.startswith((str(source), str(out))) else f"{place}: {said}") from None
    except (MemoryError, RecursionError):
        raise _Refused(f"{place}: is too large or too deep to be held") from None
    return applied.said


def _maps(report: Path, model: str | None, *, reverse: bool) -> dict[str, ClassMap]:
    from ..files.read import read_bytes
    from ..report.carried import class_maps
    from ..report.document import BadReport

    try:
        maps = class_maps(read_bytes(report))
    except BadReport as reason:
        raise _Refused(f"{report}: {reason}") from None
    if model is not None and model not in maps:
        raise _Refused(f"{report}: knows no model {model}{did_you_mean(model, maps)}")
    return {name: each.reversed() if reverse else each for name, each in maps.items()}
