"""`nnflip explain`: one page about a code, or about a pair of function and module; or all of them as Markdown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .choices import did_you_mean

Topic = Annotated[
    str | None, typer.Argument(metavar="CODE|OP", help="NF203, shared-weight, conv2d, nn.Conv2d, torch.relu, …")
]
Markdown = Annotated[
    Path | None,
    typer.Option("--markdown", metavar="DIR", help="Write every page there is as Markdown below this directory."),
]


def explain(topic: Topic = None, markdown: Markdown = None) -> None:
    """Print a page about a code, or about an operation; or write all pages as Markdown."""
    if (topic is None) == (markdown is None):
        raise typer.BadParameter("say what to explain (NF203, conv2d, …), or where to write everything: --markdown DIR")
    if topic is not None:
        _print(topic.strip())
    elif markdown is not None:
        _export(markdown)


def _print(topic: str) -> None:
    from ..report.page import for_terminal
    from ..report.paint import paint_for
    from ..report.topics import pages_about, topics
    from .screen import put

    pages = pages_about(topic)
    if not pages:
        raise typer.BadParameter(f"nothing is known about {topic!r}{did_you_mean(topic, topics())}")
    put(f"{line}\n" for page in pages for line in for_terminal(page, paint_for(sys.stdout)))


def _export(folder: Path) -> None:
    from ..files.trouble import FileTrouble, reason_of
    from ..files.write import create_file
    from ..report.book import book
    from .screen import complain, say

    try:
        folder.mkdir(parents=True, exist_ok=True)
        chapters = book()
        for name, text in chapters.items():
            create_file(folder / name, text.encode())
    except (FileTrouble, OSError) as error:
        complain(str(error) if isinstance(error, FileTrouble) else f"{folder}: {reason_of(error)}")
        raise typer.Exit(2) from None
    say(f"{len(chapters)} files written below {folder}")
