"""Every page as a few Markdown files: an index, one file for the codes, one for each family of operations."""

from __future__ import annotations

import re
from collections import defaultdict

from .page import Page, as_markdown
from .topics import every_page

_INTRODUCTION = """# What nnflip knows

Written by `nnflip explain --markdown`; each page is what `nnflip explain NAME` prints.
"""


def book() -> dict[str, str]:
    """File name → Markdown."""
    chapters: dict[str, list[Page]] = defaultdict(list)
    for chapter, page in every_page():
        chapters[chapter].append(page)
    files = {"README.md": _index(chapters)}
    for chapter, pages in chapters.items():
        files[f"{chapter}.md"] = f"# {chapter}\n\n" + "\n".join(as_markdown(page, level=2) for page in pages)
    return files


def _index(chapters: dict[str, list[Page]]) -> str:
    blocks = [_INTRODUCTION]
    for chapter, pages in chapters.items():
        entries = [f"- [{page.title}]({chapter}.md#{_anchor(page)})" for page in pages]
        blocks.append("\n".join([f"## {chapter}", "", *entries, ""]))
    return "\n".join(blocks)


def _anchor(page: Page) -> str:
    """What Markdown renderers make of a heading: lower case, no punctuation, hyphens for blanks."""
    heading = f"{page.title} ({page.aside})" if page.aside else page.title
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
