"""What a random model does: each step adds one operation to a Writer, in functional or in module style.

A step looks at the shape it is given and returns whether it could go on from there.
"""

from __future__ import annotations

import re

from containers_text import by_name, container
from habits_text import habit
from hypothesis import strategies as st
from layers_text import batch_norm, call, conv, layer, linear, parameter, row_norm
from model_text import Draw, Sample, Writer, assemble, dress


def activation(w: Writer) -> bool:
    pairs = (
        ("F.relu({})", "nn.ReLU()"),
        ("torch.relu({})", "nn.ReLU(True)"),
        ("F.relu({}, inplace=True)", "nn.ReLU(inplace=True)"),
        ("torch.tanh({})", "nn.Tanh()"),
        ("torch.sigmoid({})", "nn.Sigmoid()"),
        ("F.leaky_relu({}, 0.2)", "nn.LeakyReLU(0.2)"),
        ("F.elu({}, alpha=0.5)", "nn.ELU(0.5)"),
        ("F.gelu({}, approximate='tanh')", "nn.GELU(approximate='tanh')"),
        ("F.softmax({}, dim=-1)", "nn.Softmax(dim=-1)"),
        ("F.log_softmax({}, -1)", "nn.LogSoftmax(-1)"),
        ("F.softplus({}, 2)", "nn.Softplus(beta=2)"),
        ("F.hardtanh({}, -2., 2.)", "nn.Hardtanh(-2, 2)"),
        ("F.threshold({}, 0.1, 20)", "nn.Threshold(0.1, 20)"),
        ("F.silu({})", "nn.SiLU()"),
        ("F.rrelu({}, training=self.training)", "nn.RReLU()"),
        ("F.prelu({}, self.slope)", "nn.PReLU()"),
    )
    function, module = w.pick(*pairs)
    if w.chance(60):
        if "slope" in function:
            slope = w.name("slope")
            parameter(w, slope, [1])
            function = function.replace("slope", slope)
        if "inplace" in function:
            _own_value(w)
        w.become(function.format(w.value))
    else:
        if "rue" in module:
            _own_value(w)
        w.become(call(w, layer(w, "act", module)))
    return True


def _own_value(w: Writer) -> None:
    """What is changed in place must not be what the caller passed in."""
    w.settle()
    w.body.append("x = x * 1")


def dropout(w: Writer) -> bool:
    if w.chance(40):
        w.become(call(w, layer(w, "drop", w.pick("nn.Dropout()", "nn.Dropout(0.3)", "nn.AlphaDropout(p=0.2)"))))
        return True
    mode = w.pick("self.training", "training=self.training", "training=self.training", "True", "training=False")
    rate = w.pick("0.25", "p=0.25", "self.rate")
    if rate == "self.rate":
        w.arguments["rate"] = "0.4"
        w.settings += [f"{w.own}.rate = rate"] * (f"{w.own}.rate = rate" not in w.settings)
    if rate == "p=0.25" and "=" not in mode:
        mode = f"training={mode}"
    if w.chance(10):
        w.become(f"F.dropout({w.value}, {rate})")
    else:
        w.become(f"F.dropout({w.value}, {rate}, {mode})")
    return True


def pool(w: Writer) -> bool:
    rank = len(w.shape) - 2
    if rank not in {1, 2} or min(w.shape[2:]) < 2:
        return False
    half = tuple(size // 2 for size in w.shape[2:])
    pairs = (
        (f"F.max_pool{rank}d({{}}, 2)", f"nn.MaxPool{rank}d(2)"),
        (f"F.max_pool{rank}d({{}}, kernel_size=2, stride=2)", f"nn.MaxPool{rank}d(2, stride=2)"),
        (f"F.avg_pool{rank}d({{}}, 2)", f"nn.AvgPool{rank}d(2, count_include_pad=False)"),
    )
    function, module = w.pick(*pairs)
    if w.chance(20):
        name = layer(w, "gap", f"nn.AdaptiveAvgPool{rank}d(2)") if w.chance() else ""
        text = f"self.{name}({w.value})" if name else f"F.adaptive_avg_pool{rank}d({w.value}, 2)"
        w.become(text, (*w.shape[:2], *[2] * rank))
    elif w.chance():
        w.become(function.format(w.value), (*w.shape[:2], *half))
    else:
        w.become(f"self.{layer(w, 'pool', module)}({w.value})", (*w.shape[:2], *half))
    return True


def flatten(w: Writer) -> bool:
    if len(w.shape) < 3:
        return False
    total = 1
    for size in w.shape[1:]:
        total *= size
    name = layer(w, "flat", "nn.Flatten()") if w.chance(30) else ""
    text = f"self.{name}({w.value})" if name else w.pick(f"torch.flatten({w.value}, 1)", f"{w.value}.flatten(1)")
    w.become(text, (w.shape[0], total))
    return True


def sequential(w: Writer) -> bool:
    size, out = w.shape[-1], w.pick(2, 3)
    children = [f"nn.Linear({w.number(size)}, {out})"]
    children.append(w.pick("nn.ReLU()", "nn.Tanh()", "nn.Identity()", "nn.Dropout(0.1)"))
    if len(w.shape) == 2 and w.chance(30):
        children.append(f"nn.BatchNorm1d({out})")
    if w.chance(30):
        children.append(f"nn.Sequential(nn.Linear({out}, {out}), nn.Sigmoid())")
    if w.chance(30):
        pairs = ", ".join(f"('l{index}', {child})" for index, child in enumerate(children))
        text = f"nn.Sequential(__import__('collections').OrderedDict([{pairs}]))"
    else:
        text = f"nn.Sequential({', '.join(children)})"
    w.become(f"self.{layer(w, 'block', text)}({w.value})", (*w.shape[:-1], out))
    return True


def twist(w: Writer) -> bool:
    """Something that is no layer: a branch on the mode, a read of a weight, a tie, a helper, a loop."""
    form = w.draw(st.integers(0, 5))
    layers = [line for line in w.init if "= nn.Linear(" in line or "= nn.Conv2d(" in line]
    weights = [re.split("[ :]", line)[0] for line in layers]
    w.settle()
    if form == 0:
        w.body += ["if self.training:", "    x = x + torch.rand(1)", "else:", "    x = F.relu(x)"]
    elif form == 1 and weights:
        name = w.pick(*weights).replace(f"{w.own}.", "self.")
        w.body.append(f"x = x + {name}.weight.{w.pick('sum', 'norm')}() * 0.01")
    elif form == 2:
        helper = w.name("help")
        w.methods += [f"def {helper}(self, y):", f"    return F.{w.pick('relu', 'silu')}(y) + y", ""]
        w.become(f"self.{helper}(x)")
    elif form == 3:
        w.body += ["for _ in range(2):", "    x = F.relu(x)"]
    elif form == 4 and weights:
        name = w.pick(*weights)
        w.init.append(f"{w.own}.{w.name('tie')} = {name}.weight")
    else:
        w.body += ["y = x", f"x = x + F.{w.pick('relu', 'tanh')}(y)"]
    return True


def loss(w: Writer) -> bool:
    """A loss as the last thing."""
    target = "torch.zeros_like(x)"
    w.settle()
    form = w.pick("F.mse_loss(x, {})", "F.l1_loss(x, {}, reduction='sum')", "nn.MSELoss()", "nn.SmoothL1Loss(beta=0.5)")
    if form.startswith("F."):
        w.body.append(f"total = {form.format(target)}")
    else:
        w.body.append(f"total = self.{layer(w, 'loss', form)}(x, {target})")
    w.value = "x, total"
    return True


STEPS = (linear, conv, batch_norm, row_norm, activation, dropout, pool, flatten, sequential, twist, container, habit)
SHAPES = ((4, 3), (3, 2, 4), (2, 3, 6), (2, 2, 6, 6), (2, 4, 5, 5))


@st.composite
def models(draw: Draw) -> Sample:
    """Files that run: every step fits the shape that the one before it gives."""
    shape, tokens = draw(st.sampled_from(SHAPES)), 0
    w = Writer(draw, shape, own=draw(st.sampled_from(["self", "self", "self", "this"])))
    if draw(st.integers(0, 9)) == 9:
        tokens, given = 5, (2, 3)
        options = w.pick("", ", padding_idx=1", ", max_norm=2.0")
        name = layer(w, "emb", f"nn.Embedding({w.number(tokens)}, {w.number(4)}{options})")
        w.become(f"self.{name}({w.value})", (*given, 4))
    else:
        given = shape
    for _ in range(draw(st.integers(1, 8))):
        w.pick(*STEPS)(w)
    if w.chance(15):
        loss(w)
    if w.chance(10):
        by_name(w)
    text, comments = dress(w, assemble(w))
    return Sample(text, given, tokens, comments)
