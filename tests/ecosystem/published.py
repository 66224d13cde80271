"""The Python text of a published file: a module as it is, code cells of a notebook, PyTorch blocks of a d2l lesson."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

KINDS = (".py", ".ipynb", ".md")
_BLOCK = re.compile(r"^```\{\.python \.input[^\n]*\}\n(.*?)^```", re.MULTILINE | re.DOTALL)
_MAGIC = re.compile(r"^\s*[%!?].*$", re.MULTILINE)


def published_text(path: Path) -> str:
    """The text that the manifest speaks of; cells and blocks that are not Python 3 are left out."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        return _joined(_cells(text))
    if path.suffix == ".md":
        return _joined([block for block in _BLOCK.findall(text) if _is_for_torch(block)])
    return text


def _cells(text: str) -> list[str]:
    """The sources of a notebook's code cells, in nbformat 4 and 3."""
    notebook = json.loads(text)
    cells = notebook.get("cells") or notebook["worksheets"][0]["cells"]
    sources = [cell.get("source", cell.get("input", "")) for cell in cells if cell["cell_type"] == "code"]
    return ["".join(source) for source in sources]


def _is_for_torch(block: str) -> bool:
    """Whether a d2l block is one of the PyTorch tab: `%%tab pytorch`, `%%tab all`, `%%tab pytorch, mxnet`."""
    first = block.partition("\n")[0]
    return first.startswith("%%tab") and bool({"pytorch", "all"} & set(re.split(r"[\s,]+", first)[1:]))


def _joined(pieces: list[str]) -> str:
    plain = [_MAGIC.sub("", piece).strip("\n") for piece in pieces]
    return "\n\n".join(piece for piece in plain if _parses(piece)) + "\n"


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
