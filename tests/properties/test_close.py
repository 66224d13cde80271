"""Random models of matrix products and recurrent layers, converted with --respell and --expand: close, or kept.

The initial state with `init="exact"`, the one under --expand and every random number are the same to the bit.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from referee import Referee

from nnflip.convert import Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

EXAMPLES = 15 * int(os.environ.get("NNFLIP_DEEP", "1"))
deep = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

HEAD = """import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, size=4, layers=2):
        super().__init__()
"""
IN_OUT = [
    "{x} @ self.{w}",
    "torch.mm({x}, self.{w})",
    "({x}).matmul(self.{w})",
    "torch.einsum('bi,io->bo', {x}, self.{w})",
]
IN_OUT += ["F.linear({x}, self.{w}.t())"]
OUT_IN = ["{x} @ self.{w}.t()", "torch.matmul({x}, self.{w}.T)", "torch.einsum('bi,oi->bo', {x}, self.{w})"]
OUT_IN += ["({x}).mm(self.{w}.transpose(1, 0))", "F.linear({x}, self.{w})"]
BIASES = ["{p}", "{p} + self.{b}", "self.{b} + {p}", "torch.tanh({p}) + self.{b}"]
MADE = ["torch.randn({s})", "torch.rand({s})", "torch.randn({s}) * 0.3", "torch.zeros({s})", "torch.empty({s})"]
FILLS = ["nn.init.xavier_uniform_(self.{w})", "nn.init.kaiming_normal_(self.{w})", "self.{w}.data.uniform_(-0.5, 0.5)"]
FILLS += ["self.{w}.data.normal_(0, 1 / math.sqrt(self.{w}.size({axis})))", "nn.init.constant_(self.{w}, 0.2)"]
AROUND = ["{}", "torch.relu({})", "F.dropout({}, 0.2, self.training)", "{} * 0.5"]


@dataclass(frozen=True)
class Drawn:
    """A model's text."""

    text: str


@st.composite
def products(draw: st.DrawFn) -> Drawn:
    """A chain of products, now and then with a layer twice, and weights that are read elsewhere too."""
    rows, steps, width = [], [], "size"
    for number in range(draw(st.integers(1, 3))):
        out = draw(st.sampled_from(["5", "size", "size + 1"]))
        turned, w, b = draw(st.booleans()), f"w{number}", f"b{number}"
        form = draw(st.sampled_from(IN_OUT if turned else OUT_IN))
        made = draw(st.sampled_from(MADE)).format(s=f"{width}, {out}" if turned else f"{out}, {width}")
        rows.append(f"self.{w} = nn.Parameter({made})")
        product = draw(st.sampled_from(BIASES)).format(p=form.format(x="x", w=w), b=b)
        if f"self.{b}" in product:
            rows.append(f"self.{b} = nn.Parameter(torch.rand({draw(st.sampled_from([out, f'1, {out}']))}))")
        fill = draw(st.sampled_from(FILLS)) if "empty" in made or draw(st.booleans()) else ""
        rows += [fill.format(w=w, axis=draw(st.sampled_from([0, 1, -1])))] if fill else []
        steps.append(f"x = {draw(st.sampled_from(AROUND)).format(product)}")
        if out == width and draw(st.booleans()):
            steps.append(steps[-1])
        if draw(st.integers(0, 4)) == 4:
            steps.append(f"x = x * self.{w}.abs().mean()")
        width = out
    body = "".join(f"        {row}\n" for row in rows)
    return Drawn(f"{HEAD}{body}\n    def forward(self, x):\n" + "".join(f"        {s}\n" for s in [*steps, "return x"]))


@st.composite
def recurrences(draw: st.DrawFn) -> Drawn:
    """One or two recurrent layers with whatever arguments, called with a state or without, and a Linear after them."""
    rows, steps, width = [], [], "4"
    for number in range(draw(st.integers(1, 2))):
        kind = draw(st.sampled_from(["RNN", "GRU", "LSTM"]))
        hidden = draw(st.sampled_from(["3", "size", "size + 1"]))
        layers = draw(st.sampled_from([1, 2, 3, "layers", "size - 2"]))
        both, first = draw(st.booleans()), draw(st.booleans())
        said = (
            [width, hidden, str(layers)]
            if draw(st.booleans())
            else [width, f"hidden_size={hidden}, num_layers={layers}"]
        )
        said += [draw(st.sampled_from(["bias=True", "bias=False"]))] if draw(st.booleans()) else []
        said += [f"batch_first={first}, bidirectional={both}"]
        said += ["dropout=0.4"] if draw(st.booleans()) else []
        proj = kind == "LSTM" and draw(st.booleans())
        said += ["proj_size=2"] if proj else []
        rows.append(f"self.r{number} = nn.{kind}({', '.join(said)})")
        state = draw(st.sampled_from(["", ", None", ", hx=state"]))
        if "state" in state:
            steps.append(f"_, state = self.r{number}(x)")
        steps.append(f"x, last = self.r{number}(x{state})")
        width = f"{2 if both else 1} * ({'2' if proj else hidden})"
    rows.insert(draw(st.integers(0, len(rows))), f"self.fc = nn.Linear({width}, 2)")
    body = "".join(f"        {row}\n" for row in rows)
    steps += ["return self.fc(x), last"]
    return Drawn(f"{HEAD}{body}\n    def forward(self, x):\n" + "".join(f"        {s}\n" for s in steps))


@deep
@given(products(), st.sampled_from(["keep", "exact"]))
def test_products_become_layers_that_are_close(model: Drawn, init: str) -> None:
    options = Options(to="module", init=init, respell=True)  # type: ignore[arg-type]
    there = convert_source(model.text, options)
    inputs = lambda: [torch.randn(3, 4)]  # noqa: E731
    Referee(there, inputs, same_start=init == "exact").check()
    assert convert_source(there.text, options).text == there.text
    back = convert_source(there.text, Options(to="functional"))
    Referee(back, inputs, same_start=True).check()


@deep
@given(products())
def test_products_without_the_option_stay_the_same_to_the_bit(model: Drawn) -> None:
    there = convert_source(model.text, Options(to="module", init="exact"))
    assert not there.close
    Referee(there, lambda: [torch.randn(3, 4)], same_start=True).check()


@deep
@given(recurrences(), st.sampled_from([(3, 4), (3, 2, 4)]))
def test_recurrent_layers_are_written_out_close(model: Drawn, shape: tuple[int, ...]) -> None:
    options = Options(to="functional", expand=frozenset({"rnn"}))
    there = convert_source(model.text, options)
    assert not there.all_kept
    Referee(there, lambda: [torch.randn(shape)], same_start=True).check()
    assert convert_source(there.text, options).text == there.text
