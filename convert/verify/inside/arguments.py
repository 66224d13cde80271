"""Constructor arguments for a model nobody told us how to build: small, distinct values by the parameter's name.

`Net(in_channels, num_classes=10)` → `{"in_channels": 8}`; what has a default keeps it.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from .examples import small_config
from .usage import Path, Use, uses

_BY_NAME: tuple[tuple[str, Any], ...] = (  # the first pattern found in the name decides
    (r"^in_?(ch|chs|chans|channels?|planes|features|dim|size|c)$", 8),
    (r"^(input_(dim|size|channels|features)|nin|inp|c_?in|num_inputs?)$", 8),
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
    (r"channels?|chs$|chans$|planes|filters|width|dim|features|embed|model|^n?(inp|oup|hid|emb|out)$", 16),
    (r"^c\d?$|^ch$|^nf$|^ngf$|^ndf$|^n_embd$|^d_", 16),
)
_PLAIN: Mapping[Any, Any] = {int: 4, float: 0.5, bool: True, "int": 4, "float": 0.5, "bool": True}
_CLASSES = (  # arguments that are layers to be made, by name: classes of torch.nn
    (r"act|nonlin", "ReLU"),
    (r"norm", "BatchNorm2d"),
    (r"pool", "AvgPool2d"),
)
_LAYERS = (  # arguments that are layers already
    (r"loss|criterion", "BCEWithLogitsLoss"),
    (r"^(m|fn|f|net|main|model|module|layer|block|body|backbone|encoder|sub_?layer|branch|stem)$", "Identity"),
)
_CONFIG = re.compile(r"^(h|hp|hps|config|configs|conf|cfg|args|opts?|hparams?|params|options|settings|model_\w+)$")
_PAIR = re.compile(r"ima?ge?_?size|resolution|feat_size|window_size|grid_size|patch_size")
_COUNT_LIST = re.compile(r"layers$|blocks$|depths?$|repeats|num_heads")


class MissingArgument(Exception):
    """A required argument that no value can be guessed for; `others` are guesses for the others."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.others: dict[str, Any] = {}


def required(callable_: Any, *, skip_first: bool) -> list[inspect.Parameter]:
    """Parameters without a default that can be given by name or position."""
    found = list(inspect.signature(callable_).parameters.values())[1 if skip_first else 0 :]
    given = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [one for one in found if one.default is inspect.Parameter.empty and one.kind in given]


def guesses(model: type[Any], names: Mapping[str, Any], text: str, torch: Any) -> Iterator[dict[str, Any]]:
    """Sets of constructor arguments to try, the most telling first; raises MissingArgument naming what stays open.

    `names` are those of the module: a configuration that it defines as a dataclass is filled by its fields' names.
    """
    wanted = required(model.__init__, skip_first=True)
    if not wanted:
        yield {}
        return
    used = uses(text, model.__name__)
    first: dict[str, Any] = {}
    missing: MissingArgument | None = None
    for one in wanted:
        try:
            first[one.name] = _guess(one, names, used, torch)
        except MissingArgument as without:
            missing = missing or without
    if missing is not None:
        missing.others = first
        raise missing
    yield first
    for size in (16, 8):  # residual blocks and the like want equal widths
        widths = {name: size if type(value) is int and value >= 8 else value for name, value in first.items()}
        if widths != first:
            yield widths
    expansion = getattr(model, "expansion", None)
    if type(expansion) is int:  # a bottleneck adds its input to what is that much wider than its planes
        wide = next((name for name, value in first.items() if type(value) is int and value >= 8), "")
        planes = {name: 16 if type(value) is int and value >= 8 else value for name, value in first.items()}
        yield {**planes, **({wide: 16 * expansion} if wide else {})}
    pairs = {
        name: (value, value) if _PAIR.search(name) and type(value) is int else value for name, value in first.items()
    }
    if pairs != first:
        yield pairs
    lists = {name: [value, value] if type(value) is int else value for name, value in first.items()}
    if len(first) == 1 and lists != first:
        yield lists


def _guess(parameter: inspect.Parameter, names: Mapping[str, Any], used: Mapping[Path, Use], torch: Any) -> Any:
    kind, name, use = _annotated(parameter.annotation), parameter.name.lower(), used.get((parameter.name,), Use())
    config = small_config(parameter.annotation, names, _field, alone=bool(_CONFIG.match(name)))
    if config is not None:
        return config
    if _CONFIG.match(name) and (use.fields or use.keys):
        return {key: _number(key) for key in use.keys} if use.keys else _filled((parameter.name,), used)
    if use.words:
        return use.words[0]
    made = _made_by_name(name, torch, called=use.called) if kind in ("", "layer") or name == "device" else None
    if made is not None and not use.listed:
        return made
    if kind in _PLAIN and kind != "int":
        return _named(name, _PLAIN[kind], same_kind=True)
    if use.listed or kind == "list":
        return _list(name)
    value = _named(name, _PLAIN["int"] if kind == "int" else None, same_kind=kind == "int")
    if value is None and kind == "" and not (use.called or use.fields or use.keys):
        value = 8  # a plain name that says nothing is a width, as a rule: `Conv(c1, c2)`
    if value is None or kind == "other":
        raise MissingArgument(parameter.name)
    return value


def _annotated(annotation: Any) -> str:
    """What an annotation asks for: "int", "float", "bool", "list", "layer", "other", or "" where there is none."""
    if annotation is inspect.Parameter.empty or annotation is Any:
        return ""
    if isinstance(annotation, type) and annotation in _PLAIN:
        return annotation.__name__
    said = annotation if isinstance(annotation, str) else str(annotation)
    said = said.replace("typing.", "").removeprefix("Optional[").strip()
    if re.match(r"(List|list|Sequence|Tuple|tuple|Iterable)\b", said):
        return "list"
    plain = re.match(r"(?:Union\[)?(int|float|bool)\b", said)
    if plain:
        return plain[1]
    if re.search(r"Module\b|LayerType|Callable|Type\[", said):
        return "layer"
    return "" if re.match(r"(str|Any)\b", said) else "other"


def _made_by_name(name: str, torch: Any, *, called: bool) -> Any:
    """A class of torch.nn for what is made in the constructor, an instance for what is given whole; None if unknown."""
    for pattern, found in _CLASSES:
        if re.search(pattern, name) and (called or "layer" in name):
            return getattr(torch.nn, found)
    for pattern, found in _LAYERS:
        if not called and re.search(pattern, name):
            return getattr(torch.nn, found)()
    return torch.device("cpu") if name == "device" else None


def _named(name: str, default: Any, *, same_kind: bool) -> Any:
    """By what the name says, if that is of the default's kind."""
    for pattern, value in _BY_NAME:
        if re.search(pattern, name) and (not same_kind or type(value) is type(default)):
            return value
    return default


def _number(name: str) -> Any:
    return _named(name.lower(), 8, same_kind=False)


def _list(name: str) -> list[int]:
    """Widths, or counts of what there are few of."""
    return [1, 1, 1, 1] if _COUNT_LIST.search(name) else [8, 16, 16, 16]


def _filled(path: Path, used: Mapping[Path, Use]) -> SimpleNamespace:
    """A configuration with the fields that are read of it."""
    return SimpleNamespace(**{name: _field_of((*path, name), used) for name in used[path].fields})


def _field_of(path: Path, used: Mapping[Path, Use]) -> Any:
    use = used[path]
    if use.fields:
        return _filled(path, used)
    if use.words:
        return use.words[0]
    return _list(path[-1].lower()) if use.listed else _number(path[-1])


def _field(field: dataclasses.Field[Any]) -> Any:
    """A value for a field of a configuration: by its name where that gives one of the same kind, else its default."""
    default = field.default if field.default is not dataclasses.MISSING else _PLAIN.get(field.type, 4)
    for pattern, value in _BY_NAME:
        if re.search(pattern, field.name.lower()) and type(value) is type(default) and type(value) is int:
            return value
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return default


def told(value: Any) -> str:
    """Arguments in words that are the same on both sides: a class by its name, whatever file it comes from."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(told(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {told(one)}' for key, one in value.items())}}}"
    own_words = getattr(type(value), "__repr__", None) != getattr(object, "__repr__", None)
    return str(getattr(value, "__name__", None) or (repr(value) if own_words else type(value).__name__))
