"""Constructor arguments for a model nobody told us how to build: small, distinct values by the parameter's name.

`Net(in_channels, num_classes=10)` → `{"in_channels": 8}`; what has a default keeps it.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .examples import small_config

_BY_NAME: tuple[tuple[str, Any], ...] = (  # the first pattern found in the name decides
    (r"^(in_?(ch|channels?|planes|features|dim|size|c)|input_(dim|size|channels|features)|nin|c_?in|num_inputs?)$", 8),
    (r"^(hidden|mid|inner|ff|ffn|mlp|bottleneck)(_?\w*)?$|hidden", 12),
    (r"class|out_(dim|features|size)|output_(dim|size)|^(nout|outputs?|n_?out|num_outputs?|labels?)$", 10),
    (r"heads?$|^nhead", 2),
    (r"layers?$|blocks?$|depth|repeats|stages?$|^n$", 2),
    (r"kernel|^k$|^ksize", 3),
    (r"stride|dilation|padding|^pad$|^s$|^p$|^d$", 1),
    (r"groups$", 2),
    (r"drop|^rate$|prob|momentum|alpha", 0.1),
    (r"^eps", 1e-5),
    (r"slope", 0.2),
    (r"vocab|num_embeddings|^n_?tokens?$|^num_(users|items|words)", 32),
    (r"max_len|block_size|seq_len|context|max_position|^length$|num_patches", 16),
    (r"ima?ge?_?size|resolution|^size$", 32),
    (r"patch", 4),
    (r"scale|factor|upscale|expansion|reduction|ratio|growth", 2),
    (r"bias|use_|with_|^affine|enable|flag|^is_|pre_?norm", True),
    (r"channels?|planes|filters|width|dim|features|embed|model|^ch$|^nf$|^ngf$|^ndf$|^c$|^n_embd$|^d_", 16),
)
_PLAIN = {int: 4, float: 0.5, bool: True, "int": 4, "float": 0.5, "bool": True}


class MissingArgument(Exception):
    """A required argument that no value can be guessed for."""


def required(callable_: Any, *, skip_first: bool) -> list[inspect.Parameter]:
    """Parameters without a default that can be given by name or position."""
    found = list(inspect.signature(callable_).parameters.values())[1 if skip_first else 0 :]
    given = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [one for one in found if one.default is inspect.Parameter.empty and one.kind in given]


def guesses(model: type[Any], names: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Sets of constructor arguments to try, the most telling first; raises MissingArgument naming what stays open.

    `names` are those of the module: a configuration that it defines as a dataclass is filled by its fields' names.
    """
    wanted = required(model.__init__, skip_first=True)
    if not wanted:
        yield {}
        return
    first = {one.name: _guess(one, names) for one in wanted}
    yield first
    for size in (16, 8):  # residual blocks and the like want equal widths
        widths = {name: size if type(value) is int and value >= 8 else value for name, value in first.items()}
        if widths != first:
            yield widths


def _guess(parameter: inspect.Parameter, names: Mapping[str, Any]) -> Any:
    config = small_config(parameter.annotation, names, _field)
    if config is not None:
        return config
    annotated = _PLAIN.get(parameter.annotation)
    for pattern, value in _BY_NAME:
        if re.search(pattern, parameter.name.lower()):
            fits = annotated is None or type(annotated) is type(value)
            if fits and parameter.annotation in (inspect.Parameter.empty, *_PLAIN):
                return value
    if annotated is not None:
        return annotated
    raise MissingArgument(parameter.name)


def _field(field: dataclasses.Field[Any]) -> Any:
    """A value for a field of a configuration: by its name where that gives one of the same kind, else its default."""
    default = field.default if field.default is not dataclasses.MISSING else _PLAIN.get(field.type, 4)
    for pattern, value in _BY_NAME:
        if re.search(pattern, field.name.lower()) and type(value) is type(default) and type(value) is int:
            return value
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return default


def is_plain(value: Any) -> bool:
    """Whether JSON can carry a value to the other side."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(one) for key, one in value.items())
    return value is None or type(value) in (bool, int, float, str)


def told(value: Any) -> str:
    """Arguments in words that are the same on both sides: a class by its name, whatever file it comes from."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(told(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {told(one)}' for key, one in value.items())}}}"
    own_words = getattr(type(value), "__repr__", None) != getattr(object, "__repr__", None)
    return str(getattr(value, "__name__", None) or (repr(value) if own_words else type(value).__name__))
