"""The `nnflip` command and its sub-commands."""

from __future__ import annotations

from typing import Annotated

import typer

from .check import check
from .config import config
from .convert import convert
from .diff import diff
from .explain import explain
from .lsp import lsp
from .ops import ops
from .state import state
from .undo import undo
from .verify import verify

app = typer.Typer(
    name="nnflip",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"nnflip {version('nnflip')}")
        raise typer.Exit


@app.callback()
def nnflip(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Rewrite PyTorch models between functional and module style, and prove that nothing changed."""


for command in (convert, diff, verify, check, explain, ops, config, state, undo, lsp):
    app.command()(command)
