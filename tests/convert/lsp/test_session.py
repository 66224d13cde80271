"""A session with the language server as an editor holds it: JSON-RPC over its stdin and stdout."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pygls")

NET = """import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def forward(self, x):
        return "😀", F.relu(F.dropout(x))
"""


class Editor:
    """A client that speaks the protocol by hand."""

    def __init__(self, root: Path) -> None:
        self.server = subprocess.Popen(
            [sys.executable, "-m", "nnflip.convert", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=root,
        )
        self.uri = (root / "net.py").as_uri()
        self.count = 0

    def send(self, method: str, params: Any, **more: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        assert self.server.stdin is not None
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.server.stdin.flush()

    def read(self) -> Any:
        assert self.server.stdout is not None
        length = 0
        while (line := self.server.stdout.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return json.loads(self.server.stdout.read(length))

    def ask(self, method: str, params: Any) -> Any:
        self.count += 1
        self.send(method, params, id=self.count)
        while True:
            answer = self.read()
            if answer.get("id") == self.count and "method" not in answer:
                assert "error" not in answer, answer
                return answer["result"]

    def told(self, method: str) -> Any:
        while (message := self.read()).get("method") != method:
            pass
        return message["params"]

    def at(self, line: int, character: int) -> Any:
        return {"textDocument": {"uri": self.uri}, "position": {"line": line, "character": character}}


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    found = Editor(tmp_path)
    answer = found.ask("initialize", {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": {}})
    assert answer["capabilities"]["hoverProvider"]
    found.send("initialized", {})
    found.send(
        "textDocument/didOpen",
        {"textDocument": {"uri": found.uri, "languageId": "python", "version": 1, "text": NET}},
    )
    yield found
    if found.server.poll() is None:
        found.server.kill()
    found.server.communicate(timeout=20)


def test_a_session(editor: Editor) -> None:
    told = editor.told("textDocument/publishDiagnostics")
    (finding,) = told["diagnostics"]
    assert (told["uri"], finding["code"], finding["source"], finding["severity"]) == (editor.uri, "NF301", "nnflip", 2)
    # The editor counts in UTF-16: the face before the call is two units.
    assert finding["range"] == {"start": {"line": 6, "character": 28}, "end": {"line": 6, "character": 40}}

    hover = editor.ask("textDocument/hover", editor.at(6, 23))
    assert hover["contents"]["value"].startswith("### nn.ReLU ↔ F.relu")
    assert editor.ask("textDocument/hover", editor.at(5, 5)) is None

    span = {"start": {"line": 6, "character": 0}, "end": {"line": 6, "character": 0}}
    asked = {"textDocument": {"uri": editor.uri}, "range": span, "context": {"diagnostics": []}}
    (action, _pure) = editor.ask("textDocument/codeAction", asked)
    assert (action["title"], action["kind"]) == ("Convert Net to modules (1 kept)", "refactor.rewrite")
    edits = action["edit"]["changes"][editor.uri]
    assert [edit["newText"] for edit in edits if "self.relu(F.dropout(x))" in edit["newText"]] != []
    assert editor.ask("textDocument/codeAction", {**asked, "context": {"diagnostics": [], "only": ["quickfix"]}}) == []
    assert (
        len(editor.ask("textDocument/codeAction", {**asked, "context": {"diagnostics": [], "only": ["refactor"]}})) == 2
    )

    change = {"range": {"start": {"line": 6, "character": 38}, "end": {"line": 6, "character": 39}}, "text": "x, 0.0"}
    document = {"uri": editor.uri, "version": 2}
    editor.send("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
    assert editor.told("textDocument/publishDiagnostics")["diagnostics"] == []
    editor.send("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": "def ("}]})
    assert editor.told("textDocument/publishDiagnostics")["diagnostics"] == []
    editor.send("textDocument/didSave", {"textDocument": {"uri": editor.uri}})
    assert editor.told("textDocument/publishDiagnostics")["diagnostics"] == []
    editor.send("textDocument/didClose", {"textDocument": {"uri": editor.uri}})
    assert editor.told("textDocument/publishDiagnostics")["diagnostics"] == []

    assert editor.ask("shutdown", None) is None
    editor.send("exit", None)
    assert editor.server.wait(timeout=20) == 0


def test_without_pygls_one_line_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pygls'] = None; sys.argv = ['nnflip', 'lsp']\n"
    code += "from nnflip.convert.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "pip install 'nnflip[lsp]'" in done.stderr
