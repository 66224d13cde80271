"""Calls and signatures: which argument of a call belongs to which parameter, and a call written back in few words.

`bind(Signature.parse("input, weight, bias=None"), call)` → `{"input": <x>, "weight": <self.w>}`, and
`format_args(signature, {"kernel_size": "5", "padding": "0"}, positional=1)` → `"5"`.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar

T = TypeVar("T")
Kind = Literal["starred", "too-many", "unknown", "duplicate"]


class BindError(Exception):
    """A call that cannot be matched to a signature: `kind` is a word for programs, the message a sentence for users."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True)
class Param:
    """One parameter: `default` is its source text, None where the argument is required."""

    name: str
    default: str | None = None
    keyword_only: bool = False


@dataclass(frozen=True)
class Signature:
    """The parameters of a callable in their order. `open_ended` takes whatever else is passed (`nn.Identity`)."""

    params: tuple[Param, ...]
    open_ended: bool = False

    @classmethod
    def parse(cls, text: str) -> Signature:
        """Read `"input, weight, bias=None, *, eps=1e-5"`; `*args, **kwargs` make it open-ended."""
        head = "lambda "
        source = f"{head}{text}: 0"
        arguments = ast.parse(source, mode="eval").body.args  # type: ignore[attr-defined]
        plain = [*arguments.posonlyargs, *arguments.args]
        required = len(plain) - len(arguments.defaults)
        params = [Param(arg.arg) for arg in plain[:required]]
        params += [
            Param(arg.arg, _text(source, node)) for arg, node in zip(plain[required:], arguments.defaults, strict=True)
        ]
        params += [
            Param(arg.arg, None if node is None else _text(source, node), True)
            for arg, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        ]
        return cls(tuple(params), open_ended=arguments.vararg is not None or arguments.kwarg is not None)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names in order."""
        return tuple(param.name for param in self.params)

    @cached_property
    def positional(self) -> tuple[str, ...]:
        """The names that may be passed by position."""
        return tuple(param.name for param in self.params if not param.keyword_only)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names without a default."""
        return tuple(param.name for param in self.params if param.default is None)

    def param(self, name: str) -> Param:
        """The parameter of that name; KeyError if there is none."""
        for param in self.params:
            if param.name == name:
                return param
        raise KeyError(name)

    def default(self, name: str) -> str | None:
        """Source text of a parameter's default, None where it is required."""
        return self.param(name).default

    def index(self, name: str) -> int:
        """The place of a parameter in the order; ValueError if there is none."""
        return self.names.index(name)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __str__(self) -> str:
        parts: list[str] = []
        for param in self.params:
            if param.keyword_only and "*" not in parts:
                parts.append("*")
            parts.append(param.name if param.default is None else f"{param.name}={param.default}")
        return ", ".join(parts)


@dataclass(frozen=True)
class Bound:
    """A call matched to its signature: the arguments that were passed, in the signature's order."""

    signature: Signature
    args: Mapping[str, ast.expr] = field(default_factory=dict)
    positional: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Required parameters that the call leaves out: running it raises TypeError."""
        return tuple(name for name in self.signature.required if name not in self.args)


def bind(signature: Signature, call: ast.Call) -> Bound:
    """Match a call's arguments to a signature.

    Raises BindError for `*args` and `**kwargs`, too many arguments, unknown and repeated ones. Left-out arguments are
    no error here: see `Bound.missing`.
    """
    keywords: dict[str, ast.expr] = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise BindError("starred", "arguments are passed as **mapping, so which ones is known only at run time")
        keywords[keyword.arg] = keyword.value  # a repeated keyword is a SyntaxError already
    if any(isinstance(arg, ast.Starred) for arg in call.args):
        raise BindError("starred", "arguments are passed as *sequence, so which ones is known only at run time")
    args = bind_args(signature, call.args, keywords)
    return Bound(signature, args, signature.positional[: len(call.args)])


def bind_args(signature: Signature, positional: Sequence[T], keywords: Mapping[str, T]) -> dict[str, T]:
    """Match values to parameters, in the signature's order; raises BindError as `bind` does."""
    open_ended = signature.open_ended
    if len(positional) > len(signature.positional) and not open_ended:
        most = len(signature.positional)
        raise BindError("too-many", f"{len(positional)} positional arguments are passed where at most {most} are taken")
    found = dict(zip(signature.positional, positional, strict=False))
    for name, value in keywords.items():
        if name in found:
            raise BindError("duplicate", f"argument {name!r} is passed twice, by position and by name")
        if name in signature.names:
            found[name] = value
        elif not open_ended:
            raise BindError("unknown", f"there is no argument named {name!r}")
    return {name: found[name] for name in signature.names if name in found}


def format_args(signature: Signature, values: Mapping[str, str], *, positional: int, said: Container[str] = ()) -> str:
    """The arguments of a call in one row: see `list_args`."""
    return ", ".join(list_args(signature, values, positional=positional, said=said))


def list_args(
    signature: Signature, values: Mapping[str, str], *, positional: int, said: Container[str] = ()
) -> list[str]:
    """Write arguments as a careful programmer would: defaults left out, the first `positional` ones by position.

    `values` maps names to source texts in any order. `list_args(conv2d, {…}, positional=3)` →
    `["x", "self.w", "self.b", "padding=2"]`; once an argument is left out, those after it are named.
    `said` are arguments that somebody wrote: by position they stay even at their default, as in `nn.Dropout(0.5)`.
    """
    parts: list[str] = []
    by_position = True
    for index, param in enumerate(signature.params):
        value = values.get(param.name)
        kept = by_position and index < positional and param.name in said
        if value is None or (not kept and param.default is not None and same_value(value, param.default)):
            by_position = False
        elif by_position and index < positional and not param.keyword_only:
            parts.append(value)
        else:
            by_position = False
            parts.append(f"{param.name}={value}")
    unknown = set(values) - set(signature.names)
    if unknown:
        raise ValueError(f"no parameter named {sorted(unknown)} in ({signature})")
    return parts


def same_value(left: str, right: str) -> bool:
    """Whether two source texts are the same literal: `"0."` and `"0"` are, `"True"` and `"1"` are not.

    Texts that are no literals are the same only when they are written the same.
    """
    if left == right:
        return True
    try:
        one, other = ast.literal_eval(left), ast.literal_eval(right)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return False
    return _same(one, other)


def _same(one: object, other: object) -> bool:
    if isinstance(one, (tuple, list)) and type(one) is type(other):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    numbers = (int, float)
    return one == other and (type(one) is type(other) or (isinstance(one, numbers) and isinstance(other, numbers)))


def _text(source: str, node: ast.expr) -> str:
    """The characters of a node of a one-line ASCII source."""
    return source[node.col_offset : node.end_col_offset]
