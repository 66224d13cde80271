"""`nnflip lsp`: the language server for editors."""

from __future__ import annotations

import typer


def lsp() -> None:
    """Serve an editor over stdin and stdout: findings, pages on hover, and conversions as code actions.

    Needs pygls: pip install 'nnflip\\[lsp]'.
    """
    try:
        from ..lsp.server import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        from .screen import complain

        complain("the language server needs pygls: pip install 'nnflip[lsp]'")
        raise typer.Exit(2) from None
    serve()
