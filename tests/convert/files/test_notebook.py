"""Notebooks: one text out of the code cells, and back into the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nnflip.convert.batch.one import Checked, Converted, Failure, Job, check_job, convert_job
from nnflip.convert.files.notebook import read_notebook
from nnflip.convert.outcome import CannotRead, Options

NET = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)  # größe

    def forward(self, x):
        return self.fc(x)"""


def notebook(*cells: str, indent: int | None = 1, ascii: bool = False, language: str = "python") -> bytes:
    content = {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "text"]},
            *(
                {
                    "cell_type": "code",
                    "execution_count": 1,
                    "metadata": {"b": 1, "a": 2},
                    "outputs": [{"name": "stdout", "output_type": "stream", "text": ["self.fc = nn.Linear(3, 2)\n"]}],
                    "source": cell.splitlines(keepends=True),
                }
                for cell in cells
            ),
        ],
        "metadata": {"language_info": {"name": language}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(content, indent=indent, ensure_ascii=ascii) + "\n").encode()


def converted(raw: bytes) -> Converted:
    result = convert_job(Job("net.ipynb", raw), Options(to="functional"))
    assert isinstance(result, Converted), result
    return result


IMPORTS = "%matplotlib inline\nimport torch\nimport torch.nn as nn\n!pip install x"


@pytest.mark.parametrize("indent", [1, 2, None], ids=["as Jupyter", "two", "one line"])
@pytest.mark.parametrize("ascii", [True, False], ids=["escaped", "plain"])
def test_only_the_edited_lines_change(indent: int | None, ascii: bool) -> None:
    raw = notebook(IMPORTS, NET, "net = Net()\n%timeit net(x)", indent=indent, ascii=ascii)
    result = converted(raw).content
    before, after = json.loads(raw), json.loads(result)
    code = "".join(after["cells"][2]["source"])
    assert "F.linear(x, self.fc_weight, self.fc_bias)" in code
    assert "# größe" in code
    assert "nnflip" not in result.decode()
    assert "".join(after["cells"][1]["source"]).replace(
        "import torch.nn.functional as F\n", ""
    ).strip() == IMPORTS.replace("\nimport torch\n", "\nimport math\n\nimport torch\n")
    for one, other in zip(before["cells"], after["cells"], strict=True):
        assert {**one, "source": ""} == {**other, "source": ""}
    after["cells"][1]["source"], after["cells"][2]["source"] = (
        before["cells"][1]["source"],
        before["cells"][2]["source"],
    )
    assert (json.dumps(after, indent=indent, ensure_ascii=ascii) + "\n").encode() == raw
    again = converted(result)
    assert again.content == result


def test_nothing_to_convert_gives_the_same_bytes() -> None:
    raw = notebook("import torch\nx = 1", "%%bash\nls $HOME/net.fc")
    assert converted(raw).content == raw
    text = read_notebook(raw)
    assert text.encode(text.text) == raw


def test_messages_name_the_line_in_the_file() -> None:
    raw = notebook(IMPORTS, NET, "print(net.fc)")
    (kept,) = converted(raw).conversion.all_kept
    assert kept.code == "NF209"
    assert "nn.Linear(3, 2)  # " in raw.decode().split("\n")[kept.line - 1]
    assert f"line {_line(raw, 'print(net.fc)')}" in kept.message


def test_a_magic_that_names_an_attribute_is_a_use() -> None:
    assert not converted(notebook(IMPORTS, NET, "%timeit net.fc(x)")).conversion.changed


def test_hazards_are_found() -> None:
    source = NET.replace("self.fc(x)", "torch.nn.functional.dropout(self.fc(x))")
    result = check_job(Job("net.ipynb", notebook(IMPORTS, source)))
    assert isinstance(result, Checked)
    assert result.found


def test_another_language_is_left_alone() -> None:
    raw = notebook("library(torch)", language="R")
    assert converted(raw).content == raw


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"{", id="not JSON"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"cells": [{"cell_type": "code", "source": 3}]}', id="no text"),
        pytest.param(b'{"cells": 1}', id="no cells"),
        pytest.param(b"\xff", id="not UTF-8"),
        pytest.param(notebook("x = = 1"), id="not Python"),
        pytest.param(notebook("files = !ls"), id="a magic inside a statement"),
    ],
)
def test_unreadable(raw: bytes) -> None:
    with pytest.raises(CannotRead):
        read_notebook(raw)
    assert isinstance(convert_job(Job("net.ipynb", raw), Options(to="module")), Failure)


def _line(raw: bytes, text: str) -> int:
    return next(number for number, row in enumerate(raw.decode().split("\n"), 1) if text in row)


def test_a_source_given_as_one_string(tmp_path: Path) -> None:
    content = json.loads(notebook(IMPORTS, NET))
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"])
    result = json.loads(converted(json.dumps(content).encode()).content)
    assert "F.linear" in result["cells"][2]["source"]


def test_functions_of_several_cells_become_a_class_in_the_last() -> None:
    head = "import torch\nimport torch.nn as nn"
    (there,) = [convert_job(Job("a.ipynb", notebook(head, NET, "x = 1")), Options(to="pure"))]
    assert isinstance(there, Converted)
    text = "".join(json.loads(there.content)["cells"][2]["source"])
    assert text.startswith("def init_params():")
    make, run = text.split("\n\n\ndef forward")
    apart = notebook(head, make, "y = 2", "def forward" + run, "x = 1")
    back = convert_job(Job("a.ipynb", apart), Options(to="module"))
    assert isinstance(back, Converted)
    cells = ["".join(cell["source"]) for cell in json.loads(back.content)["cells"]]
    assert cells[-1] == "x = 1"
    assert cells[3] == "y = 2"
    assert cells[4].startswith("class Net(nn.Module):")
    assert cells[2] == ""
