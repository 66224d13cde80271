"""Layers that one call may mean: they can become one call only if they agree on all that it says.

What they say differently is kept on each of them; what cannot be kept so, keeps them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..plan.plan import Kept
from ..recognise.calls import Construction
from ..recognise.containers import Member
from ..recognise.flow import MemberCall
from .form import Form


@dataclass
class Layer:
    """A member that is a layer with a row: what is known of it, and why it stays if it does."""

    built: Construction
    key: str
    sizes: dict[str, str] = field(default_factory=dict)
    form: Form | None = None
    reason: Kept | None = None


def is_open(layers: Mapping[Member, Layer], member: Member) -> bool:
    return member in layers and layers[member].reason is None


def keep(layers: Mapping[Member, Layer], members: Iterable[Member], reason: Kept) -> None:
    for member in members:
        if member in layers:
            layers[member].reason = layers[member].reason or reason


def groups_of(calls: Iterable[MemberCall], members: Iterable[Member]) -> list[set[Member]]:
    """Members that some call may mean together."""
    groups = [{member} for member in members]
    for call in calls:
        meant = [group for group in groups if not group.isdisjoint(call.members)]
        if len(meant) > 1:
            groups = [group for group in groups if group not in meant] + [set().union(*meant)]
    return groups


def differing_arguments(layers: Sequence[Layer]) -> frozenset[str]:
    """Constructor arguments for which the forms differ; "" among them where they differ otherwise."""
    first, found = layers[0], set()
    for layer in layers[1:]:
        pair = layer.built.pair
        if layer.form is None or first.form is None or pair is not first.built.pair:
            return frozenset({""})
        if layer.form.padding != first.form.padding:
            return frozenset({""})
        for name in layer.form.arguments.keys() | first.form.arguments.keys():
            one, other = first.form.arguments.get(name), layer.form.arguments.get(name)
            if one != other and {one, other} != {"None", f"{{home}}.{name}"}:
                found.add(pair.shared.get(name, ""))
    return frozenset(found)


def level(layers: Sequence[Layer]) -> None:
    """One call for all: a tensor that only some of them have is None on the others."""
    forms = [layer.form for layer in layers if layer.form is not None]
    arguments = dict(forms[0].arguments)
    for form in forms:
        arguments |= {name: text for name, text in form.arguments.items() if text == f"{{home}}.{name}"}
    said = frozenset().union(*(form.said for form in forms))
    for layer, form in zip(layers, forms, strict=True):
        empty = [(name, "None") for name, text in form.arguments.items() if text == "None" != arguments[name]]
        layer.form = replace(form, arguments=arguments, settings=(*form.settings, *empty), said=said)
