"""What `nnflip state` reads from a report: for every model, where its state goes and how its parameters are ordered."""

from __future__ import annotations

import json
from typing import Any

from ..checkpoint.carry import ClassMap
from .document import BadReport, state_maps


def class_maps(text: bytes) -> dict[str, ClassMap]:
    """Model name → what its conversion did to its state. Raises BadReport."""
    moves = state_maps(text)
    try:
        models = [model for each in json.loads(text)["files"] for model in each["models"]]
        return {model["name"]: _class_map(model, moves[model["name"]]) for model in models}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadReport("not a report that nnflip convert --report has written") from None


def _class_map(model: dict[str, Any], moves: dict[str, Any]) -> ClassMap:
    order = model.get("parameter_order")
    return ClassMap(
        name=model["name"],
        moves={old: (move.key, move.transform is not None) for old, move in moves.items()},
        added=tuple(model.get("added", ())),
        removed=tuple(model.get("removed", ())),
        optional=frozenset(model.get("optional", ())),
        order=None if order is None else (tuple(order["before"]), tuple(order["after"])),
    )
