"""Functions that are handed their weights, `net(x, params)`, as a class: they are built, run and compared as a model.

What the file's own code makes of weights becomes the state of a module, under the same keys.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from .functions import owner

Facts = Mapping[str, Any]


def explicit_models(described: Sequence[Facts], names: MutableMapping[str, Any], torch: Any) -> dict[str, type[Any]]:
    """A module class for each described model whose functions are there."""
    found: dict[str, type[Any]] = {}
    for facts in described:
        made = names.get(facts["function"])
        if facts["made_by"] == "class" and inspect.isclass(made):
            found[facts["name"]] = _class_of_objects(facts, made, torch)
        elif inspect.isfunction(made) and (not facts["maker"] or facts["maker"] in names):
            found[facts["name"]] = _class_of(facts, names, torch)
    return found


def _class_of_objects(facts: Facts, plain: Any, torch: Any) -> type[Any]:
    """A module that holds an object of a plain class, and its tensors as parameters."""
    run_by = plain.__call__ if "__call__" in vars(plain) else plain.forward

    def build(self: Any, *arguments: Any, **named: Any) -> None:
        torch.nn.Module.__init__(self)
        object.__setattr__(self, "held", plain(*arguments, **named))
        for key in facts["keys"]:
            self._parameters[key] = torch.nn.Parameter(getattr(self.held, key).detach())

    def run(self: Any, *given: Any, **named: Any) -> Any:
        for key in facts["keys"]:
            setattr(self.held, key, self._parameters[key])
        return run_by(self.held, *given, **named)

    build.__signature__ = inspect.signature(plain.__init__)  # type: ignore[attr-defined]
    run.__signature__ = inspect.signature(run_by)  # type: ignore[attr-defined]
    return type(facts["name"], (torch.nn.Module,), {"__init__": build, "forward": run, "__module__": plain.__module__})


def _class_of(facts: Facts, names: MutableMapping[str, Any], torch: Any) -> type[Any]:
    function = names[facts["function"]]
    maker = names[facts["maker"]] if facts["maker"] else None
    head = inspect.signature(maker) if maker else inspect.Signature()
    first = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    taken = inspect.signature(function).parameters
    others = [one for name, one in taken.items() if facts["closes"] or name != facts["argument"]]

    def build(self: Any, *arguments: Any, **named: Any) -> None:
        torch.nn.Module.__init__(self)
        made = maker(*arguments, **named) if maker else _held(facts, names)
        if facts["given"] is not None:  # a builder, which gives the function as well
            object.__setattr__(self, "given", (made[facts["given"]], made[1 - facts["given"]]))
            made = self.given[1]
        values = dict(zip(facts["keys"], made, strict=True)) if facts["listed"] else made
        object.__setattr__(self, "made", values)
        for key in facts["keys"]:
            inside, name, tensor = owner(self, key, torch), key.rpartition(".")[2], _at(values, key).detach()
            if key in facts["buffers"]:
                inside._buffers[name] = tensor
            else:
                inside._parameters[name] = torch.nn.Parameter(tensor, requires_grad=not facts["frozen"])

    def run(self: Any, *given: Any, **named: Any) -> Any:
        state = {**dict(self.named_parameters(remove_duplicate=False)), **dict(self.named_buffers())}
        weights = {key: state[key] for key in facts["keys"]}
        if facts["closes"]:
            if facts["listed"]:
                self.given[1][:] = weights.values()
            else:
                self.given[1].update(weights)
            return self.given[0](*given, **named)
        if facts["argument"] is None:
            _hold(facts, names, weights)
            return function(*given, **named)
        handed = list(weights.values()) if facts["listed"] else _again(self.made, weights)
        bound = inspect.Signature(others).bind(*given, **named)
        called = function if facts["given"] is None else self.given[0]
        return called(**bound.arguments, **{facts["argument"]: handed})

    build.__signature__ = head.replace(parameters=[first, *head.parameters.values()])  # type: ignore[attr-defined]
    run.__signature__ = inspect.Signature([first, *others])  # type: ignore[attr-defined]
    return type(
        facts["name"], (torch.nn.Module,), {"__init__": build, "forward": run, "__module__": function.__module__}
    )


def _held(facts: Facts, names: Mapping[str, Any]) -> Any:
    """The weights that the file's variables hold."""
    if facts["variable"]:
        return names[facts["variable"]]
    places = zip(facts["keys"], facts["places"], strict=True)
    return {key: names[variable] if inner is None else _at(names[variable], inner) for key, (variable, inner) in places}


def _hold(facts: Facts, names: MutableMapping[str, Any], weights: Mapping[str, Any]) -> None:
    """Have the file's variables hold the state of the module."""
    for key, (variable, inner) in zip(facts["keys"], facts["places"], strict=True):
        if inner is None:
            names[variable] = weights[key]
        elif inner in names[variable]:
            names[variable][inner] = weights[key]
        else:
            head, _, last = inner.rpartition(".")
            _at(names[variable], head)[last] = weights[key]


def _at(made: Any, key: str) -> Any:
    """An entry of a dictionary, or of those inside it: `fc.weight` of `{"fc": {"weight": …}}`."""
    if key in made:
        return made[key]
    head, _, rest = key.partition(".")
    return _at(made[head], rest)


def _again(made: Any, weights: Mapping[str, Any], path: str = "") -> Any:
    """The same dictionary with these weights."""
    if not isinstance(made, Mapping):
        return weights.get(path)
    return {key: _again(inner, weights, f"{path}.{key}" if path else key) for key, inner in made.items()}
