"""Names for what a plan creates: from the parameters' own names (`w1`, `b1` → `linear1`), never colliding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from keyword import iskeyword

from ..recognise.answers import MODULE_MEMBERS as MODULE_MEMBERS
from ..recognise.model import Model
from ..recognise.surroundings import Surroundings

_WORDS = {
    "batch_norm": "bn",
    "layer_norm": "norm",
    "group_norm": "norm",
    "instance_norm": "norm",
    "rms_norm": "norm",
    "multi_head_attention_forward": "attn",
}
_SUFFIX = re.compile(r"_(pos_weight|weight|w|kernel|W|running_mean|running_var)$")
_BARE = re.compile(r"^((?:pos_)?weights?|w|W|kernel|running_mean)_?(?P<rest>[0-9]*|_.*)$")


class Names:
    """The names a class has taken, and new ones. `restore`: state key → the name it had before."""

    def __init__(
        self, model: Model, surroundings: Surroundings, restore: Mapping[str, str], relatives: set[str] | None = None
    ) -> None:
        """`relatives` are the names that plans of related classes have given; new ones are added to it."""
        self._model = model
        self._surroundings = surroundings
        self._last: dict[str, int] = {}
        self._restore = restore
        self._relatives = set() if relatives is None else relatives
        self._taken = set(model.attributes) | model.class_names | MODULE_MEMBERS

    @contextmanager
    def together(self) -> Iterator[None]:
        """Names taken and freed inside stay so, unless the block raises."""
        taken, last, relatives = set(self._taken), dict(self._last), set(self._relatives)
        try:
            yield
        except BaseException:
            self._taken, self._last = taken, last
            self._relatives.intersection_update(relatives)
            raise

    def free(self, name: str) -> None:
        """An attribute goes away: its name may be used again."""
        self._taken.discard(name)

    def fresh(self, base: str) -> str:
        """`base`, or `base_1`, `base_2`, … where that is taken."""
        if base.startswith("__") and not base.endswith("__"):
            base = "_" + base.lstrip("_")  # no private name: Python spells it otherwise in a string than in code
        name, count = base, self._last.get(base, 0)
        while not self.is_free(name):
            count += 1
            name = f"{base}_{count}"
        self._last[base] = count
        self._taken.add(name)
        self._relatives.add(name)
        return name

    def tensor(self, key: str) -> str:
        """A name for the tensor with a state key: `conv1.weight` → `conv1_weight`, or what it was called before."""
        before = self._restore.get(key, "")
        return self.fresh(before if before.isidentifier() and self.is_free(before) else key.replace(".", "_"))

    def layer(self, attribute: str, function: str, slot: str = "weight") -> str:
        """A name for the layer whose weight, or what its slot is called, is `attribute`; or what it had before."""
        before = self._restore.get(attribute, "").rpartition(".")[0]
        if before.isidentifier() and self.is_free(before):
            return self.fresh(before)
        return self.fresh(layer_name(attribute if slot == "weight" else _as_weight(attribute, slot), function))

    def is_free(self, name: str) -> bool:
        """Whether nothing of the class is called so, nothing of classes it is related to, and nobody sets it."""
        return (
            name not in self._taken | self._relatives
            and not iskeyword(name)
            and not self._surroundings.claims(self._model, name)
        )


def _as_weight(attribute: str, slot: str) -> str:
    """`attn_weight` for `attn_in_proj_weight` of the slot in_proj_weight."""
    return f"{attribute.removesuffix(slot)}weight" if attribute.endswith(slot) else attribute


def layer_name(attribute: str, function: str) -> str:
    """What to call the layer whose weight is `attribute`: `cnn1_weight` → `cnn1`, `w1` of linear → `linear1`."""
    word = _WORDS.get(function, re.sub(r"\dd$", "", function))
    if match := _BARE.match(attribute.lstrip("_")):
        return word + match["rest"]
    stem = _SUFFIX.sub("", attribute)
    return word if not stem.strip("_") or iskeyword(stem) else stem  # class_weight
