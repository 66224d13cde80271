"""Steps of random models that bring parameters: linear maps, convolutions, norms, in functional or in module style.

A step looks at the shape it is given and returns whether it could go on from there.
"""

from __future__ import annotations

from hypothesis import strategies as st
from makers_text import definition
from model_text import Writer

INITS = ("xavier_uniform_", "kaiming_normal_", "orthogonal_", "normal_")


def parameter(w: Writer, name: str, sizes: list[int], *, optional: bool = False, trains: bool = True) -> None:
    """Add an own parameter in one of the forms that people use."""
    axes = ", ".join(w.number(size) for size in sizes)
    makers = [f"torch.{maker}({axes})" for maker in ("rand", "randn", "zeros", "ones")]
    makers += [f"torch.full(({axes},), 0.25)", f"torch.randn({axes}) * 0.1", f"torch.rand(({axes},)) / 2"]
    makers += [f"torch.empty({axes})", f"torch.Tensor({axes})"]
    made = w.pick(*makers)
    target = f"{w.own}.{name}"
    if w.chance(10) and "empty" not in made and "Tensor" not in made:
        w.init.append(f"{name} = {made}")
        made = name
    frozen = "" if trains and w.chance(90) else ", requires_grad=False"
    whole = f"nn.Parameter({made}{frozen})"
    if optional and w.chance(40):
        flag = w.flag()
        if w.chance(50):
            w.init.append(f"{target} = {whole} if {flag} else None")
        else:
            w.init += [f"if {flag}:", f"    {target} = {whole}", "else:", f"    {target} = None"]
            if w.chance(30):
                w.init[-1] = f"    {w.own}.register_parameter('{name}', None)"
        if "empty" in made or "Tensor" in made:
            w.init += [f"if {target} is not None:", f"    nn.init.normal_({target})"]
        return
    if w.chance(10):
        w.init.append(f'{w.own}.register_parameter("{name}", {whole})')
    else:
        w.init.append(f"{target} = {whole}")
    if "empty" in w.init[-1] or "Tensor" in w.init[-1]:
        w.init.append(f"nn.init.{w.pick(*INITS) if len(sizes) > 1 else 'normal_'}({target})")


def tensors(w: Writer, base: str, weight: list[int], bias: list[int]) -> str:
    """A weight and perhaps a bias: the arguments of the call."""
    stem = w.name(base)
    names = w.pick((f"{stem}_weight", f"{stem}_bias"), (f"w_{stem}", f"b_{stem}"), (f"{stem}W", f"{stem}B"))
    parameter(w, names[0], weight)
    if not w.chance(70):
        return f"self.{names[0]}"
    parameter(w, names[1], bias, optional=True)
    return w.pick(f"self.{names[0]}, self.{names[1]}", f"self.{names[0]}, bias=self.{names[1]}")


def layer(w: Writer, base: str, constructor: str) -> str:
    """A module attribute, with what people do to it: initial values, freezing, an annotation. Returns its name."""
    name = w.name(base)
    target = f"{w.own}.{name}"
    if w.chance(15):
        w.init.append(f"{target}: nn.Module = {constructor}")
    else:
        definition(w, name, target, constructor)
    if constructor.startswith(("nn.Linear(", "nn.Conv")) and w.chance(20):
        w.init.append(f"nn.init.{w.pick(*INITS)}({target}.weight)")
    return name


def call(w: Writer, name: str) -> str:
    """A call of a layer, by its name, by keyword, or in a nested function."""
    form = w.pick("plain", "plain", "plain", "lambda", "twice")
    if form == "twice":
        w.settle()
        return f"(self.{name}(x) + self.{name}(x))"
    if form == "lambda":
        return f"(lambda y: self.{name}(y))({w.value})"
    return f"self.{name}({w.value})"


def linear(w: Writer) -> bool:
    size, out = w.shape[-1], w.pick(1, 3, 4)
    if w.chance():
        bias = w.pick("", "", ", bias=False", f", bias={w.flag()}")
        text = call(w, layer(w, "fc", f"nn.Linear({w.number(size)}, {w.number(out)}{bias})"))
    else:
        text = f"F.linear({w.value}, {tensors(w, 'lin', [out, size], [out])})"
    w.become(text, (*w.shape[:-1], out))
    return True


def conv(w: Writer) -> bool:
    rank = len(w.shape) - 2
    if rank not in {1, 2}:
        return False
    channels, size = w.shape[1], w.shape[2:]
    kernel = w.pick(1, 3)
    padding = kernel // 2
    groups = w.pick(1, 1, channels)
    out = channels * w.pick(1, 2) if groups > 1 else w.pick(2, 3)
    options = {"padding": w.number(padding), "groups": w.number(groups), "dilation": "1", "stride": "1"}
    kept = {"padding", "groups"} if groups > 1 else {"padding"}
    kept |= {name for name in options if w.chance(10)}
    if padding == 0 and w.chance():
        kept -= {"padding"}
    settings = "".join(f", {name}={options[name]}" for name in options if name in kept)
    if w.chance():
        made = f"nn.Conv{rank}d({w.number(channels)}, {w.number(out)}, {w.number(kernel)}{settings})"
        text = call(w, layer(w, "conv", made))
    else:
        weight = [out, channels // groups, *[kernel] * rank]
        settings = settings.replace(" n", " self.n").replace("=n", "=self.n")
        for name in [name for name in w.arguments if name.startswith("n") and f"self.{name}" in settings]:
            w.settings += [f"{w.own}.{name} = {name}"] * (f"{w.own}.{name} = {name}" not in w.settings)
        settings = settings.replace(f"{w.own}.n", "self.n").replace("self.self.", "self.")
        given = tensors(w, f"conv{rank}d", weight, [out])
        text = f"F.conv{rank}d({w.value}, {given}{settings})"
    w.become(text, (w.shape[0], out, *size))
    return True


def batch_norm(w: Writer) -> bool:
    rank = {2: 1, 3: 1, 4: 2}.get(len(w.shape))
    if rank is None:
        return False
    channels = w.shape[1]
    if w.chance():
        options = w.pick(
            "", "1e-3", "momentum=0.3", "momentum=None", "affine=False", "track_running_stats=False", "bias=False"
        )
        options = f", {options}" if options else ""
        name = layer(w, "bn", f"nn.BatchNorm{rank}d({w.number(channels)}{options})")
        if w.chance(20):
            w.settle()
            w.body += ["if x.sum() > 0:", f"    x = self.{name}(x)"]
            return True
        text = call(w, name)
    else:
        name = w.name("bn")
        w.init.append(f"{w.own}.register_buffer('{name}_mean', torch.zeros({channels}))")
        w.init.append(f"{w.own}.register_buffer('{name}_var', torch.ones({channels}))")
        parameter(w, f"{name}_w", [channels])
        parameter(w, f"{name}_b", [channels])
        if w.chance(30):
            w.init.append(f"{w.own}.register_buffer('{name}_n', torch.tensor(0))")
            w.settle()
            w.body += ["if self.training:", f"    self.{name}_n += 1"]
        given = f"self.{name}_mean, self.{name}_var, self.{name}_w, self.{name}_b"
        mode = w.pick("self.training", "training=self.training", "training=True")
        text = f"F.batch_norm({w.value}, {given}, {mode}{w.pick('', ', momentum=0.2', ', eps=0.01')})"
    w.become(text)
    return True


def row_norm(w: Writer) -> bool:
    size = w.shape[-1]
    form = w.draw(st.integers(0, 3))
    if form == 0:
        made = w.pick(f"nn.LayerNorm({w.number(size)})", f"nn.LayerNorm([{size}], bias=False)", f"nn.RMSNorm({size})")
        w.become(call(w, layer(w, "norm", made)))
    elif form == 1:
        w.become(f"F.layer_norm({w.value}, ({size},), {tensors(w, 'ln', [size], [size])})")
    elif form == 2 and len(w.shape) > 2 and w.shape[1] % 2 == 0:
        w.become(call(w, layer(w, "gn", f"nn.GroupNorm(2, {w.number(w.shape[1])})")))
    elif len(w.shape) > 2 and w.shape[2] > 1:
        w.settle()
        counted = ", ".join("abcd"[: len(w.shape)])
        if w.chance():
            w.body.append(f"{counted} = x.shape")
        rank = len(w.shape) - 2
        options = w.pick("", ", affine=True", ", affine=True, track_running_stats=True")
        name = layer(w, "inorm", f"nn.InstanceNorm{rank}d({w.shape[1]}{options})")
        w.become(w.pick(f"self.{name}({w.value})", f"F.instance_norm({w.value})"))
    else:
        return False
    return True
