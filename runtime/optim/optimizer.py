"""`Optimizer`: parameter groups, state and their dictionaries; what every optimizer has in common."""

from __future__ import annotations

import copy
import warnings
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from ..autograd import no_grad
from ..handles import RemovableHandle
from ..tensor import Tensor

Group = dict[str, Any]


class Optimizer:
    """`Optimizer(params, defaults)`: params are tensors, (name, tensor) pairs, or dictionaries of group options.

    Subclasses write `step`. ValueError for no parameters, a non-leaf, a parameter in two groups; TypeError for others.
    """

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, but got "
                f"torch.{params.dtype.legacy}Tensor"
            )
        self.defaults = defaults
        self.state: defaultdict[Any, Any] = defaultdict(dict)
        self.param_groups: list[Group] = []
        self._step_pre_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()
        self._step_post_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def add_param_group(self, param_group: Group) -> None:
        """One more group: `{"params": [...], "lr": 0.1}`; what it leaves out is the default."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        params = param_group["params"]
        if isinstance(params, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets "
                "will change between runs. Please use a list instead."
            )
        _unpack(param_group, [params] if isinstance(params, Tensor) else list(params))
        for name, default in self.defaults.items():
            param_group.setdefault(name, default)
        known = {id(p) for group in self.param_groups for p in group["params"]}
        if known & {id(p) for p in param_group["params"]}:
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update of all parameters; returns what the closure, called with gradients on, returned."""
        raise NotImplementedError

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or fill them with zeros."""
        for parameter in chain.from_iterable(group["params"] for group in self.param_groups):
            if parameter.grad is None:
                continue
            if set_to_none:
                parameter.grad = None
            else:
                with no_grad():
                    parameter.grad = parameter.grad.detach().zero_()

    def state_dict(self) -> dict[str, Any]:
        """`{"state": {0: {...}}, "param_groups": [{..., "params": [0]}]}`: parameters by their number."""
        numbers: dict[int, int] = {}
        for group in self.param_groups:
            for parameter in group["params"]:
                numbers.setdefault(id(parameter), len(numbers))
        groups = []
        for group in self.param_groups:
            options = {key: value for key, value in group.items() if key != "params"}
            groups.append(options | {"params": [numbers[id(p)] for p in group["params"]]})
        state = {(numbers[id(k)] if isinstance(k, Tensor) else k): v for k, v in self.state.items()}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Takes groups and state over; floating state in the dtype of its parameter. ValueError if groups differ."""
        given = state_dict["param_groups"]
        if len(given) != len(self.param_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        if any(len(a["params"]) != len(b["params"]) for a, b in zip(given, self.param_groups, strict=True)):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
            )
        mine = chain.from_iterable(group["params"] for group in self.param_groups)
        by_number = dict(zip(chain.from_iterable(group["params"] for group in given), mine, strict=True))
        self.state = defaultdict(dict)
        for key, value in state_dict["state"].items():
            parameter = by_number.get(key)
            self.state[key if parameter is None else parameter] = _fitted(value, parameter)
        self.param_groups = [
            {**copy.deepcopy({k: v for k, v in new.items() if k != "params"}), "params": old["params"]}
            for new, old in zip(given, self.param_groups, strict=True)
        ]

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """`hook(optimizer, args, kwargs)` before each step."""
        return RemovableHandle.add(self._step_pre_hooks, hook)

    def register_step_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """`hook(optimizer, args, kwargs)` after each step."""
        return RemovableHandle.add(self._step_post_hooks, hook)

    def __getstate__(self) -> dict[str, Any]:
        return {"defaults": self.defaults, "state": self.state, "param_groups": self.param_groups}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._step_pre_hooks, self._step_post_hooks = OrderedDict(), OrderedDict()

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for number, group in enumerate(self.param_groups):
            options = [f"    {key}: {group[key]}\n" for key in sorted(group) if key != "params"]
            lines.append(f"\nParameter Group {number}\n{''.join(options)}")
        return "".join(lines) + ")"


def _unpack(group: Group, params: Iterable[Any]) -> None:
    """Puts checked tensors under "params", and the names of (name, tensor) pairs under "param_names"."""
    entries = list(params)
    named = [isinstance(one, tuple) for one in entries]
    if any(named) and not all(named):
        raise ValueError("all optimizer params should be with/without names. Some param names are missing")
    tensors = [one[1] for one in entries] if any(named) else entries
    if any(named):
        group["param_names"] = [one[0] for one in entries]
    for one in tensors:
        if not isinstance(one, Tensor):
            raise TypeError(f"optimizer can only optimize Tensors, but one of the params is {type(one).__name__}")
        if not (one.is_leaf or one.retains_grad):
            raise ValueError("can't optimize a non-leaf Tensor")
    if len({id(one) for one in tensors}) != len(tensors):
        warnings.warn(
            "optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; see "
            "github.com/pytorch/pytorch/issues/40967 for more information",
            stacklevel=4,
        )
    group["params"] = tensors


def _fitted(value: Any, parameter: Tensor | None, key: str = "") -> Any:
    """State as it is kept for a parameter: tensors copied, floating ones (but step counts) in its dtype."""
    if isinstance(value, Tensor):
        floating = parameter is not None and parameter.dtype.is_floating_point and key != "step"
        kept = value.detach().clone()
        return kept.to(parameter.dtype) if floating and parameter is not None else kept
    if isinstance(value, dict):
        return {name: _fitted(one, parameter, name) for name, one in value.items()}
    return copy.copy(value) if isinstance(value, (list, tuple)) else value


required = object()
"""The default of an option that has none, in optimizers written for old torch."""
