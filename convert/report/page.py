"""A page of documentation as data, and its two forms: for a terminal and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from .paint import Paint

WIDTH = 100


@dataclass(frozen=True)
class Section:
    """A heading with lines of text, or with a table of two columns where `heads` is given."""

    title: str
    lines: tuple[str, ...] = ()
    heads: tuple[str, str] | None = None
    rows: tuple[tuple[str, str], ...] = ()
    code: bool = False


@dataclass(frozen=True)
class Page:
    """A title, a word beside it, and sections; those without content are left out."""

    title: str
    aside: str
    sections: tuple[Section, ...]

    @property
    def told(self) -> Iterator[Section]:
        """The sections that say something."""
        return (section for section in self.sections if section.lines or section.rows)


def for_terminal(page: Page, paint: Paint) -> Iterator[str]:
    """The lines of a page on a terminal."""
    yield paint.bold(page.title) + (f"  ({page.aside})" if page.aside else "")
    yield ""
    for section in page.told:
        yield paint(section.title, "cyan")
        if section.heads is None:
            for line in section.lines:
                yield from wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
        else:
            width = max(len(row[0]) for row in [section.heads, *section.rows])
            yield f"  {paint(f'{section.heads[0]:<{width}}  {section.heads[1]}', 'dim')}"
            for left, right in section.rows:
                hanging = " " * (width + 4)
                yield from wrap(f"{left:<{width}}  {right}", WIDTH, initial_indent="  ", subsequent_indent=hanging)
        yield ""


def as_markdown(page: Page, level: int = 1) -> str:
    """A page as Markdown, its title a heading of the given level."""
    marks = "#" * level
    blocks = [f"{marks} {page.title}" + (f" ({page.aside})" if page.aside else "")]
    for section in page.told:
        blocks.append(f"{marks}# {section.title}")
        if section.heads is not None:
            rows = [section.heads, ("---", "---"), *section.rows]
            blocks.append("\n".join(f"| {_cell(left)} | {_cell(right)} |" for left, right in rows))
        elif section.code:
            blocks.append("\n".join(["```python", *section.lines, "```"]))
        elif len(section.lines) == 1:
            blocks.append(_escaped(section.lines[0]))
        else:
            blocks.append("\n".join(f"- {_escaped(line)}" for line in section.lines))
    return "\n\n".join(blocks) + "\n"


def _escaped(text: str) -> str:
    """Text that Markdown leaves as it is; an underscore inside a word means nothing to it."""
    return re.sub(r"[\\`*<\[]|(?<!\w)_|_(?!\w)", r"\\\g<0>", text)


def _cell(text: str) -> str:
    return _escaped(text).replace("|", "\\|") if text != "---" else text
