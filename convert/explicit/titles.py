"""Names for what explicit weights become: the class, its instance, its attributes, and the path of each layer.

Keys with dots are paths: `conv1.weight` is the weight of `self.conv1`, `features.0.weight` of `self.features["0"]`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from keyword import iskeyword

from ..plan.naming import MODULE_MEMBERS

_PLAIN = {"forward", "apply", "fn", "predict", "run", "functional", "func", "f", "call", "get", "logits"}
_HOLDERS = re.compile(r"_(params|parameters|weights|theta|vars|variables|state)$")
_DICT_MEMBERS = {"clear", "pop", "keys", "items", "values", "update", "get", "copy"}


def class_name(function: str, taken: Collection[str]) -> str:
    """`net` → `Net`, `mnist_forward` → `Mnist`, and `Net` where nothing tells."""
    words = [word for word in function.split("_") if word and word.lower() not in _PLAIN]
    name = "".join(word[:1].upper() + word[1:] for word in words)
    name = name if name.isidentifier() and not iskeyword(name) else "Net"
    return _free(name if name != function else f"{name}Net", taken)


def instance_name(holder: str, function: str, taken: Collection[str]) -> str:
    """What to call the module that a variable holds now: `teacher_params` → `teacher`, else the function's own name."""
    stem = _HOLDERS.sub("", holder)
    words = [word for word in function.split("_") if word and word.lower() not in _PLAIN]
    for name in (stem if stem != holder else "", function if words else "", "net", "model"):
        if name and name not in taken and name.isidentifier() and not iskeyword(name):
            return name
    return _free("net", taken)


def _free(name: str, taken: Collection[str]) -> str:
    found, count = name, 0
    while found in taken:
        count += 1
        found = f"{name}{count}"
    return found


@dataclass
class Titles:
    """Attribute names and layer paths of one class to be.

    `attributes`: key → the attribute that the functional class in between gives it. `placeholders`: a word that stands
    for a layer → its path. `known`: names that the file itself has for a weight;
    `taken`: names of methods.
    """

    keys: tuple[str, ...]
    number: int
    attributes: dict[str, str] = field(default_factory=dict)
    placeholders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        taken = set(MODULE_MEMBERS | self.taken)
        for key in self.keys:
            word = self.known.get(key) or re.sub(r"\W", "_", key)
            word = word if word.isidentifier() and not iskeyword(word) else f"weight_{word}"
            self.attributes[key] = _free(word, taken)
            taken.add(self.attributes[key])

    def restore(self) -> dict[str, str]:
        """Attribute → the key it should come to have, for the planner of layers."""
        found: dict[str, str] = {}
        for key, attribute in self.attributes.items():
            path = layer_path(key)
            if len(path) == 1 and path[0].isidentifier():
                found[attribute] = f"{path[0]}.weight"
            elif path:
                word = f"nnflip_layer_{self.number}_{len(self.placeholders)}_"
                self.placeholders[word] = path
                found[attribute] = f"{word}.weight"
        return found

    def read_word(self, key: str, *, values: bool = False) -> str:
        """A word that stands for a weight where code outside reads it, until its layer has a name.

        `values` where it is the numbers that are read: of a transposed weight, its transpose.
        """
        return f"nnflip_{'values' if values else 'weight'}_{self.number}_{list(self.attributes).index(key)}_"

    def is_same(self, key: str) -> bool:
        """Whether a weight that stays a parameter of its own has its key as it is."""
        return self.attributes[key] == key


def layer_path(key: str) -> tuple[str, ...]:
    """The layer to which a key with dots belongs; nothing for a plain key.

    `conv1.weight` → conv1; `group0.conv0`, a key without a tensor's own word → the whole.
    """
    parts = tuple(key.split("."))
    if len(parts) == 1:
        return ()
    last = parts[-1]
    return parts[:-1] if _TENSOR.fullmatch(last) else parts


_TENSOR = re.compile(
    r"(weights?|bias(es)?|w|b|kernel|running_mean|running_var|mean|var|gamma|beta|scale|shift|W|B|g)\d*"
)


@dataclass(frozen=True)
class Container:
    """What holds the layers of a path: `self.features = nn.ModuleDict()`."""

    path: tuple[str, ...]
    kind: str


def containers(paths: Iterable[tuple[str, ...]]) -> list[Container]:
    """The containers that paths of two words and more need, outer before inner."""
    wanted: dict[tuple[str, ...], list[str]] = {}
    for path in paths:
        for depth in range(1, len(path)):
            members = wanted.setdefault(path[:depth], [])
            if path[depth] not in members:
                members.append(path[depth])
    found = []
    for path, members in sorted(wanted.items(), key=lambda item: len(item[0])):
        clash = any(member in _DICT_MEMBERS or member in MODULE_MEMBERS for member in members)
        found.append(Container(path, "Module" if clash else "ModuleDict"))
    return found


def spelled(path: tuple[str, ...], kinds: dict[tuple[str, ...], str]) -> str:
    """`features["0"]`: how a path reads after `self.`."""
    text = path[0]
    for depth in range(1, len(path)):
        word = path[depth]
        text += f".{word}" if kinds[path[:depth]] == "Module" else f'["{word}"]'
    return text
