"""What can be asked about: codes, slugs, and operations under any of their names; and the pages that answer."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import CODES
from ..ops import ONE_WAY, TABLE, OneWay, Pair, by_function, by_method, by_module, one_way
from .page import Page
from .pages import code_page, function_page, one_way_page, pair_page

_ALIASES = {"F.": "torch.nn.functional.", "nn.": "torch.nn."}


def pages_about(topic: str) -> list[Page]:
    """The pages that answer a topic; none for a topic that is not known."""
    for row in CODES.values():
        if topic.upper() == row.code or topic.lower() == row.slug:
            return [code_page(row)]
    pairs = _pairs(topic)
    several = len(pairs) > 1 and len({pair.function_path for pair in pairs}) == 1
    return [*([function_page(pairs)] if several else map(pair_page, pairs)), *map(one_way_page, _one_way(topic))]


def topics() -> set[str]:
    """Everything that can be asked for, in the shortest spelling."""
    paths = [*by_module, *by_function, *one_way]
    slugs = [row.slug for row in CODES.values()]
    return {*CODES, *slugs, *by_method, *(path.rpartition(".")[2] for path in paths)}


def every_page() -> Iterator[tuple[str, Page]]:
    """Every page there is, with the chapter it belongs to: `codes`, or the family of an operation."""
    for row in CODES.values():
        yield "codes", code_page(row)
    for pair in TABLE:
        yield pair.family, pair_page(pair)
    for one in ONE_WAY:
        yield one.family, one_way_page(one)


def _pairs(topic: str) -> list[Pair]:
    path = _full_path(topic)
    found = [by_module[path]] if path in by_module else list(by_function.get(path, ()))
    if not found and "." not in topic:
        names = (f"torch.nn.{topic}", f"torch.nn.functional.{topic}", f"torch.{topic}")
        found = [pair for name in names for pair in (*by_function.get(name, ()), *_as_tuple(by_module.get(name)))]
        found = found or list(by_method.get(topic, ()))
    elif not found and path.startswith(("Tensor.", "torch.Tensor.")):
        found = list(by_method.get(path.rpartition(".")[2], ()))
    found = found or [pair for pair in TABLE for text in pair.respelled if _is_name_in(text, path, topic)]
    return list({pair.module_path: pair for pair in found}.values())


def _is_name_in(text: str, *topics: str) -> bool:
    """Whether `torch.mm(x, w)` is asked for, as `torch.mm` or `mm`."""
    name, call, _ = text.partition("(")
    return bool(call) and (name in topics or name.rpartition(".")[2] in topics)


def _as_tuple(pair: Pair | None) -> tuple[Pair, ...]:
    return () if pair is None else (pair,)


def _one_way(topic: str) -> list[OneWay]:
    paths = {_full_path(topic), f"torch.nn.{topic}", f"torch.nn.functional.{topic}"}
    return [row for path, row in one_way.items() if path in paths]


def _full_path(topic: str) -> str:
    for alias, full in _ALIASES.items():
        if topic.startswith(alias):
            return full + topic.removeprefix(alias)
    return topic
