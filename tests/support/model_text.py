"""Random model files as text: functional, module and mixed style, in the many ways in which people write them.

A Writer collects the parts of one class; steps.py adds to it, operation by operation; the layout at the end puts
comments, line breaks, semicolons, tabs and line ends where nobody expects them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

IMPORTS = (
    ("import torch\nimport torch.nn as nn\nimport torch.nn.functional as F", "torch", "nn", "F"),
    ("import torch\nfrom torch import nn\nfrom torch.nn import functional as F", "torch", "nn", "F"),
    ("import torch", "torch", "torch.nn", "torch.nn.functional"),
    ("import torch as th\nimport torch.nn as tnn\nfrom torch.nn import functional as fun", "th", "tnn", "fun"),
    ("import torch\nfrom torch import nn", "torch", "nn", "nn.functional"),
    ("import math\nimport torch, torch.nn as nn\nimport torch.nn.functional as F", "torch", "nn", "F"),
)


@dataclass
class Sample:
    """A file with a class Net, and the shapes of what its forward takes (integers below `tokens`, if that is set)."""

    text: str
    shape: tuple[int, ...]
    tokens: int = 0
    comments: tuple[str, ...] = ()


@dataclass
class Writer:
    """The parts of one class while they are being written. `value` is the expression that has come so far."""

    draw: Draw
    shape: tuple[int, ...]
    value: str = "x"
    depth: int = 0
    count: int = 0
    constants: dict[str, int] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    settings: list[str] = field(default_factory=list)
    init: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    own: str = "self"

    def pick(self, *choices: Any) -> Any:
        """One of the choices."""
        return self.draw(st.sampled_from(choices))

    def chance(self, percent: int = 50) -> bool:
        """True that often; hypothesis shrinks towards False."""
        return bool(self.draw(st.integers(0, 99)) >= 100 - percent)

    def name(self, base: str) -> str:
        """A name that is new in this class."""
        self.count += 1
        return f"{base}{self.count}"

    def number(self, value: int) -> str:
        """A number as a literal, a module's constant, an argument of __init__, an attribute, or arithmetic."""
        form = self.pick("literal", "literal", "constant", "argument", "attribute", "sum")
        if form == "constant":
            self.constants[f"N{value}"] = value
            return f"N{value}"
        if form in {"argument", "attribute"}:
            self.arguments[f"n{value}"] = str(value)
            if form == "argument":
                return f"n{value}"
            if f"{self.own}.n{value} = n{value}" not in self.settings:
                self.settings.append(f"{self.own}.n{value} = n{value}")
            return f"{self.own}.n{value}"
        return f"{value - 1} + 1" if form == "sum" else str(value)

    def become(self, value: str, shape: tuple[int, ...] | None = None) -> None:
        """Go on with a new expression, in a local of its own or nested in what follows."""
        self.value, self.depth = value, self.depth + 1
        if shape is not None:
            self.shape = shape
        if self.depth > 2 or self.chance(60):
            self.settle()

    def settle(self) -> str:
        """Put what has come so far into the local x."""
        if self.value != "x":
            self.body.append(f"x = {self.value}")
        self.value, self.depth = "x", 0
        return "x"

    def flag(self) -> str:
        """A condition that __init__ knows."""
        self.arguments.setdefault("flag", self.pick("True", "False"))
        return "flag"


def assemble(writer: Writer, extra: tuple[str, ...] = ()) -> str:
    """The file's text with `torch.`, `nn.` and `F.` still plain."""
    returned = writer.value
    arguments = "".join(f", {name}={value}" for name, value in writer.arguments.items())
    lines = [f"{name} = {value}" for name, value in writer.constants.items()]
    parts = any(line.startswith("class ") for line in writer.functions)  # which a derived class's map does not tell of
    base = _base(writer, arguments) if writer.chance(10) and not parts else []
    lines += [*writer.functions, *extra, *base, f"class Net({'Base' if base else 'nn.Module'}):"]
    if writer.chance(30):
        lines += ['    """A model, größer als nötig → fine."""']
    if writer.settings or writer.init or base or writer.chance(70):
        handed = ", ".join(writer.arguments) if base else ""
        lines += [f"    def __init__({writer.own}{arguments}):", f"        super().__init__({handed})"]
        lines += ["        " + line for line in (*writer.settings, *writer.init)]
        lines += [""]
    lines += ["    " + line for line in writer.methods]
    if writer.chance(10):
        lines += ["    @property", "    def size(self): return 3", ""]
    lines += ["    def forward(self, x):"]
    lines += ["        " + line for line in writer.body]
    return "\n".join([*lines, f"        return {returned}"])


def _base(writer: Writer, arguments: str) -> list[str]:
    """A class that Net derives from, which takes the first part of __init__ over."""
    starts = [index for index, line in enumerate(writer.init) if not line.startswith((" ", "else", "elif"))]
    cut = writer.draw(st.sampled_from(starts)) if starts else 0
    taken, rest = writer.init[:cut], " ".join(writer.init[cut:])
    locals_made = re.findall(r"(?m)^ *(?:def )?(\w+)(?:\(| [+]?= )", "\n".join(taken))
    if any(re.search(rf"\b{name}\b", rest) for name in locals_made):
        return []
    writer.init[:] = writer.init[cut:]
    lines = ["class Base(nn.Module):", f"    def __init__({writer.own}{arguments}):", "        super().__init__()"]
    return [*lines, *("        " + line for line in (*writer.settings, *taken)), ""]


def dress(writer: Writer, text: str) -> tuple[str, tuple[str, ...]]:
    """The text under one of the usual sets of names, with comments and line breaks in awkward places."""
    imports, torch, nn, functional = writer.pick(*IMPORTS)
    for plain, name in ((r"\btorch\.", f"{torch}."), (r"\bnn\.", f"{nn}."), (r"\bF\.", f"{functional}.")):
        text = re.sub(r"(?<![.\w])" + plain, lambda _match, name=name: f"\0{name}", text)  # type: ignore[misc]
    comments: list[str] = []
    lines = [part for line in text.replace("\0", "").split("\n") for part in _noted(writer, line, comments)]
    lines = _joined(writer, lines)
    text = f"{imports}\n" + ("import math\n" if "math." in text and "import math" not in imports else "")
    text += "\n" * writer.draw(st.integers(0, 2)) + "\n".join(lines)
    if writer.chance(10):
        text = re.sub(r"(?m)^( {4})+", lambda match: "\t" * (len(match[0]) // 4), text)
    if writer.chance(5):
        text = text.replace("\nclass Net", "\n\f\nclass Net")
    if writer.chance(80):
        text += "\n"
    if writer.chance(10):
        text = text.replace("\n", "\r\n")
    return text, tuple(comments)


def _noted(writer: Writer, line: str, comments: list[str]) -> list[str]:
    """A line with a comment after it, above it, or inside its parentheses where it breaks."""
    if not line.strip() or '"""' in line:
        return [line]

    def note() -> str:
        comments.append(f"#c{len(comments)}.")
        return comments[-1]

    indent = line[: len(line) - len(line.lstrip())]
    where = writer.draw(st.integers(0, 19))
    if where == 19:
        return [f"{line}  {note()}"]
    if where == 18:
        return [f"{indent}{note()}", line]
    if where >= 16 and (comma := re.search(r"\(.*?, ", line)) and not line.rstrip().endswith(":"):
        ending = f" {note()}" if where == 17 else ""
        return [line[: comma.end() - 1] + ending, f"{indent}      {line[comma.end() :]}"]
    return [line]


def _joined(writer: Writer, lines: list[str]) -> list[str]:
    """Now and then two simple statements on one line."""
    found: list[str] = []
    for line in lines:
        plain = re.fullmatch(r"( {8})(self\.\w+|x) = [^#\n]*\)", line)
        if found and plain and re.fullmatch(r"( {8})(self\.\w+|x) = [^#\n]*\)", found[-1]) and writer.chance(3):
            found[-1] += "; " + line.strip()
        else:
            found.append(line)
    return found
