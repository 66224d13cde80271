"""Steps of random models with habits of real files: layers that may be absent, gathering, blocks, computed names."""

from __future__ import annotations

from model_text import Writer


def habit(w: Writer) -> bool:
    """One of the forms, for the last axis of whatever comes."""
    w.settle()
    w.pick(gathered, optional, in_a_block, of_a_class, by_computed_name, stored_into)(w)
    return True


def gathered(w: Writer) -> None:
    """Layers that a loop puts into a list, some under a condition, and the list into a Sequential."""
    size, name = w.shape[-1], w.name("stack")
    w.init += [f"made_{name} = []", f"for index in range({w.number(2)}):"]
    w.init.append(f"    made_{name}.append(nn.Linear({w.number(size)}, {w.number(size)}))")
    if w.chance():
        w.init += [
            f"    if {w.pick('index', 'index % 2', w.flag())}:",
            f"        made_{name} += [nn.LayerNorm({size})]",
        ]
    w.init.append(f"    made_{name}.append({w.pick('nn.ReLU()', 'nn.Dropout(0.2)')})")
    w.init.append(f"{w.own}.{name} = nn.Sequential(*made_{name}{w.pick('', '[:-1]')})")
    w.become(f"self.{name}(x)")


def optional(w: Writer) -> None:
    """A layer that is None, or does nothing, under a condition."""
    size, name, flag = w.shape[-1], w.name("maybe"), w.flag()
    made = w.pick(f"nn.Linear({w.number(size)}, {size})", f"nn.LayerNorm({w.number(size)})", "nn.Dropout(0.3)")
    match w.pick("expression", "branches", "identity"):
        case "expression":
            w.init.append(f"{w.own}.{name} = {made} if {flag} else None")
        case "branches":
            w.init += [f"if {flag}:", f"    {w.own}.{name} = {made}", "else:", f"    {w.own}.{name} = None"]
        case _:
            w.init.append(f"{w.own}.{name} = {made} if {flag} else nn.Identity()")
            w.become(f"self.{name}(x)")
            return
    w.body += [f"if self.{name} is not None:", f"    x = self.{name}(x)"]


def in_a_block(w: Writer) -> None:
    """Parameters that a block at the end of the constructor makes."""
    size, name = w.shape[-1], w.name("own")
    start = w.pick("torch.rand({})", "torch.empty({}).fill_(0.5)", "torch.zeros({})")
    w.init.append(w.pick("if True:", "with torch.no_grad():", "for _ in range(1):"))
    w.init.append(f"    {w.own}.{name}_weight = nn.Parameter({start.format(f'{size}, {size}')})")
    w.init.append(f"    {w.own}.{name}_bias = nn.Parameter({start.format(size)})")
    w.become(f"F.linear(x, self.{name}_weight, self.{name}_bias)")


def of_a_class(w: Writer) -> None:
    """A class of the file for a part, made once or several times, and a walk that fills its layers."""
    size, part, name = w.shape[-1], w.name("Part"), w.name("part")
    after = w.pick("F.relu({})", "F.dropout({}, 0.3, self.training)", "{}")
    w.functions += [
        f"class {part}(nn.Module):",
        "    def __init__(self, size):",
        "        super().__init__()",
        "        self.fc = nn.Linear(size, size)",
        f"        self.norm = {w.pick('nn.LayerNorm(size)', 'nn.Identity()')}",
        "",
        "    def forward(self, x):",
        f"        return {after.format('self.norm(self.fc(x))')}",
        "",
    ]
    w.init.append(f"{w.own}.{name} = {part}({w.number(size)})")
    if w.chance(40):
        kind = w.pick("nn.Linear", "(nn.Linear, nn.LayerNorm)")
        w.init += [f"for m in {w.own}.modules():", f"    if isinstance(m, {kind}):"]
        w.init.append("        nn.init.constant_(m.weight, 0.1)")
    w.become(w.pick(f"self.{name}(x)", f"self.{name}(self.{name}(x))"))


def by_computed_name(w: Writer) -> None:
    """Layers under names that a loop computes; without parameters, whose keys no state map could tell."""
    name = w.name("named")
    key = w.pick(f"f'{name}_{{index}}'", f"'{name}_%d' % index", f"'{name}_' + str(index)")
    made = w.pick("nn.Tanh()", "nn.Dropout(0.1)")
    w.init += ["for index in range(2):", f"    setattr({w.own}, {key}, {made})"]
    w.body += ["for index in range(2):", f"    x = getattr(self, {key})(x)"]


def stored_into(w: Writer) -> None:
    """A weight that is given other numbers after it was made."""
    size, name = w.shape[-1], w.name("filled")
    target = f"{w.own}.{name}"
    w.init.append(f"{target} = nn.Linear({w.number(size)}, {size})")
    w.init.append(
        w.pick(
            f"{target}.weight.data = torch.eye({size})",
            f"{target}.bias.data[0] = 1",
            f"{target}.weight.data.mul_(2)",
            f"{target}.weight = nn.Parameter(torch.eye({size}))",
            f"{target}.bias.requires_grad = False",
        )
    )
    w.become(f"self.{name}(x)")
