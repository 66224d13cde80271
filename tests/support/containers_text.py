"""Steps of random models that keep layers in containers: lists, dictionaries, and Sequentials put together by hand."""

from __future__ import annotations

from model_text import Writer


def container(w: Writer) -> bool:
    """One of the forms, for the last axis of whatever comes."""
    w.settle()
    form = w.pick(several, by_key, in_turn, filled)
    form(w)
    return True


def several(w: Writer) -> None:
    """Layers of one kind, as many as an argument says, in a loop, by index or in a comprehension."""
    size, name = w.shape[-1], w.name("many")
    bias = w.pick("", ", bias=False", f", bias={w.flag()}")
    made = w.pick(f"nn.Linear({w.number(size)}, {w.number(size)}{bias})", f"nn.LayerNorm({size})", "nn.Dropout(0.2)")
    target = f"{w.own}.{name}"
    match w.pick("list", "generator", "append", "local"):
        case "list":
            w.init.append(f"{target} = nn.ModuleList([{made} for _ in range(2)])")
        case "generator":
            w.init.append(f"{target} = nn.ModuleList({made} for i in range({w.number(3)}))")
        case "append":
            w.init += [f"{target} = nn.ModuleList()", "for _ in range(2):", f"    {target}.append({made})"]
        case _:
            w.init += [f"made_{name} = [{made}]", "for _ in range(2):", f"    made_{name}.append({made})"]
            w.init.append(f"{target} = nn.ModuleList(made_{name})")
    one = w.name("one")
    match w.pick("loop", "zip", "enumerate", "index", "sum"):
        case "loop":
            w.body += [f"for {one} in self.{name}:", f"    x = F.relu({one}(x))"]
        case "zip":
            w.body += [f"for {one}, {one}b in zip(self.{name}, reversed(self.{name})):", f"    x = {one}b({one}(x))"]
        case "enumerate":
            w.body += [f"for i, {one} in enumerate(self.{name}):", f"    x = {one}(x) * (i + 1)"]
        case "index":
            w.body += [f"for i in range(len(self.{name})):", f"    x = self.{name}[i](x)"]
        case _:
            w.value = f"sum([{one}(x) for {one} in self.{name}])"
    w.settle()


def by_key(w: Writer) -> None:
    """A dictionary whose keys are written out."""
    size, name = w.shape[-1], w.name("keyed")
    first, second = f"nn.Linear({w.number(size)}, {w.number(size)})", w.pick("nn.ReLU()", f"nn.LayerNorm({size})")
    form = w.pick("{{'a': {0}, 'b': {1}}}", "dict(a={0}, b={1})", "[['a', {0}], ('b', {1})]")
    w.init.append(f"{w.own}.{name} = nn.ModuleDict({form.format(first, second)})")
    if w.chance(30):
        w.init.append(f"nn.init.zeros_({w.own}.{name}['a'].bias)")
    w.become(w.pick(f"self.{name}['b'](self.{name}['a'](x))", f"self.{name}.b(self.{name}.a(x))"))


def in_turn(w: Writer) -> None:
    """A list of several kinds, of which each runs on what the one before gives."""
    size, name, one = w.shape[-1], w.name("turns"), w.name("one")
    layers = f"nn.Linear({w.number(size)}, 4), {w.pick('nn.ReLU()', 'nn.Identity()')}, nn.Linear(4, {w.number(size)})"
    w.init.append(f"{w.own}.{name} = nn.ModuleList([{layers}])")
    w.body += [f"for {one} in self.{name}:", f"    x = {one}(x)"]
    if w.chance(30):
        w.body.append(f"x = x + self.{name}[{w.pick(2, -1)}].bias.sum()")


def filled(w: Writer) -> None:
    """A Sequential that several statements make."""
    size, name = w.shape[-1], w.name("filled")
    target = f"{w.own}.{name}"
    layers = [f"nn.Linear({w.number(size)}, 3)", w.pick("nn.Tanh()", "nn.Dropout(0.2)"), f"nn.Linear(3, {size})"]
    if w.chance():
        w.init += [
            f"parts_{name} = [{layers[0]}]",
            f"parts_{name}.append({layers[1]})",
            f"parts_{name} += [{layers[2]}]",
        ]
        w.init.append(f"{target} = nn.Sequential(*parts_{name})")
        use = w.pick(f"self.{name}(x)", f"self.{name}[2](self.{name}[1](self.{name}[0](x)))")
    else:
        w.init += [f"{target} = nn.Sequential()", f"{target}.add_module('l0', {layers[0]})"]
        w.init += [f"{target}.add_module('l1', {layers[1]})", f"{target}.append({layers[2]})"]
        use = w.pick(f"self.{name}(x)", f"self.{name}[-1](self.{name}.l1(self.{name}.l0(x)))")
    w.become(use)


def by_name(w: Writer) -> None:
    """Code that reads parameters by their names, at the end of the constructor."""
    w.init += ["for key, value in self.named_parameters():".replace("self", w.own), "    if key.endswith('1.weight'):"]
    w.init.append("        nn.init.constant_(value, 0.1)")
