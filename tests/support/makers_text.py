"""How random models come by their layers: constructors on the spot, functions, aliases, options and locals."""

from __future__ import annotations

import re

from model_text import Writer

_OUTER = re.compile(r"(?:\b\w+\.)?\bn\d+\b|\bflag\b")
"""What a constructor is given that only __init__ knows."""


def definition(w: Writer, name: str, target: str, constructor: str) -> None:
    """Add `target = constructor`, as people write it."""
    forms = {"factory": _factory, "inner": _inner, "alias": _alias, "options": _options, "local": _local}
    form = w.pick("plain", "plain", "plain", "plain", "plain", *forms)
    if form == "plain" or not forms[form](w, name, target, constructor):
        w.init.append(f"{target} = {constructor}")


def _body(w: Writer, constructor: str) -> tuple[list[str], str, str]:
    """The body of a function that builds a layer, its parameters, and what it is called with."""
    given = list(dict.fromkeys(_OUTER.findall(constructor)))
    names = {text: f"p{number}" for number, text in enumerate(given)}
    inside = _OUTER.sub(lambda found: names[found[0]], constructor)
    form = w.pick("return", "local", "test", "list")
    if form == "local":
        lines = [f"layer = {inside}", "return layer"]
    elif form == "test":
        lines = ["if wide is None:", f"    return {inside}", "return nn.Identity()"]
    elif form == "list" and not inside.startswith("nn.Sequential"):
        lines = ["layers = []", f"layers.append({inside})", "return layers[0] if wide else nn.Sequential(*layers)"]
        lines = lines if w.chance(20) else [f"return {inside}"]
    else:
        lines = [f"return {inside}"]
    parameters = ", ".join([*names.values(), "wide=None"] if "wide" in " ".join(lines) else names.values())
    return lines, parameters, ", ".join(given)


def _factory(w: Writer, name: str, target: str, constructor: str) -> bool:
    lines, parameters, given = _body(w, constructor)
    w.functions += [f"def make_{name}({parameters}):", *(f"    {line}" for line in lines), ""]
    w.init.append(f"{target} = make_{name}({given})")
    return True


def _inner(w: Writer, name: str, target: str, constructor: str) -> bool:
    lines, parameters, given = _body(w, constructor)
    w.init += [f"def make_{name}({parameters}):", *(f"    {line}" for line in lines)]
    w.init.append(f"{target} = make_{name}({given})")
    return True


def _alias(w: Writer, name: str, target: str, constructor: str) -> bool:
    called, _, given = constructor.partition("(")
    w.functions.append(f"Alias_{name} = {called}")
    w.init.append(f"{target} = Alias_{name}({given}")
    return True


def _options(w: Writer, name: str, target: str, constructor: str) -> bool:
    if not constructor.startswith(("nn.Linear(", "nn.Conv", "nn.BatchNorm")):
        return False
    options = w.pick("{'device': None}", "dict(device=None, dtype=None)", "{'dtype': torch.float32}")
    w.init += [f"options_{name} = {options}", f"{target} = {constructor[:-1]}, **options_{name})"]
    return True


def _local(w: Writer, name: str, target: str, constructor: str) -> bool:
    w.init.append(f"local_{name} = {constructor}")
    if constructor.startswith(("nn.Linear(", "nn.Conv")) and w.chance(40):
        w.init.append(f"nn.init.normal_(local_{name}.weight, std=0.5)")
    w.init.append(f"{target} = local_{name}")
    return True
