"""`nnflip explain --markdown`: every code and every operation, in step with the tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnflip.convert.diagnostics import CODES
from nnflip.convert.ops import ONE_WAY, TABLE
from nnflip.convert.report.book import book
from nnflip.convert.report.page import for_terminal
from nnflip.convert.report.paint import Paint
from nnflip.convert.report.topics import every_page

Runner = Callable[..., Any]


def test_a_topic_or_a_folder_is_asked_for(nnflip_run: Runner) -> None:
    for argv in ((), ("conv2d", "--markdown", "docs")):
        done = nnflip_run("explain", *argv)
        assert (done.code, "--markdown DIR" in " ".join(done.err.replace("│", " ").split())) == (2, True)


def test_a_folder_that_cannot_be_is_one_line(nnflip_run: Runner, net: Path) -> None:
    done = nnflip_run("explain", "--markdown", net)
    assert (done.code, done.err.count("\n")) == (2, 1)


def test_every_code_and_every_operation_is_written(nnflip_run: Runner, tmp_path: Path) -> None:
    assert nnflip_run("explain", "--markdown", "docs").code == 0
    files = {path.name: path.read_text() for path in (tmp_path / "docs").iterdir()}
    assert files == book()
    assert {row for row in CODES if f"\n## {row} {CODES[row].slug}\n" not in files["codes.md"]} == set()
    for pair in TABLE:
        assert f"## {pair.module_path.replace('torch.nn.', 'nn.')} ↔ " in files[f"{pair.family}.md"]
    for one in ONE_WAY:
        assert (
            f"{one.name} ({one.family}; has no twin{f', close with {one.flag}' if one.flag else ''})\n"
            in files[f"{one.family}.md"]
        )


def test_every_link_of_the_index_leads_to_a_heading() -> None:
    files = book()
    for name, anchor in re.findall(r"\]\(([\w.]+)#(.*?)\)", files["README.md"]):
        headings = re.findall(r"^#+ (.*)$", files[name], re.MULTILINE)
        assert anchor in {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def test_tables_have_two_columns_on_every_row() -> None:
    for text in book().values():
        for row in (line for line in text.splitlines() if line.startswith("|")):
            assert len(re.findall(r"(?<!\\)\|", row)) == 3


@pytest.mark.parametrize("page", [page for _, page in every_page()], ids=lambda page: page.title)
def test_a_page_fits_a_terminal(page: Any) -> None:
    lines = list(for_terminal(page, Paint()))
    assert lines[0].startswith(page.title)
    assert [line for line in lines if len(line) > 100 and " " in line.strip()[:90]] == []
