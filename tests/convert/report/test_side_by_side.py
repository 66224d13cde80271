"""The diff for wide terminals."""

from __future__ import annotations

from nnflip.convert.report.paint import Paint
from nnflip.convert.report.side_by_side import side_by_side

OLD = "a\n" * 9 + "old = 1\nlast\n"
NEW = "a\n" * 9 + "new = 1\nmore = 2\nlast\n"


def test_lines_stand_beside_each_other() -> None:
    shown = list(side_by_side(OLD, NEW, "net.py", 43, Paint()))
    assert shown == [
        "a/net.py             │ b/net.py\n",
        "─────────────────────┼─────────────────────\n",
        " 7 a                 │  7 a\n",
        " 8 a                 │  8 a\n",
        " 9 a                 │  9 a\n",
        "10 old = 1           │ 10 new = 1\n",
        "                     │ 11 more = 2\n",
        "11 last              │ 12 last\n",
    ]


def test_no_line_is_wider_than_the_terminal() -> None:
    long = "x = '" + "y" * 300 + "\t\x1b[31m'\n"
    shown = list(side_by_side(long, long + long, "net.py", 160, Paint()))
    assert max(len(line) - 1 for line in shown) <= 160
    assert not any("\x1b" in line for line in shown)


def test_changes_are_coloured_and_equal_texts_show_nothing() -> None:
    assert any("\x1b[32m" in line for line in side_by_side(OLD, NEW, "net.py", 160, Paint(True)))
    assert list(side_by_side(OLD, OLD, "net.py", 160, Paint(True))) == []
