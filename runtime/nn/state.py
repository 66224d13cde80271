"""The state of a module: state_dict and load_state_dict, with their hooks and the per-class override protocol.

Keys are dotted paths in registration order, parameters before buffers, own before the children's.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ..autograd import no_grad
from ..tensor import Tensor, wrap
from .parameter import Parameter, is_lazy
from .state_hooks import StateHooks

EXTRA_STATE = "_extra_state"


class _Keys(NamedTuple):
    missing_keys: list[str]
    unexpected_keys: list[str]


class _IncompatibleKeys(_Keys):
    """What load_state_dict returns; its repr says so if there is nothing to say."""

    __slots__ = ()

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return super().__repr__()


class State(StateHooks):
    """The part of nn.Module that reads and writes its state."""

    _version = 1
    # Writing

    def state_dict(
        self, *args: Any, destination: dict[str, Any] | None = None, prefix: str = "", keep_vars: bool = False
    ) -> Any:
        """Parameters and persistent buffers by dotted name, detached unless `keep_vars`; versions in `_metadata`."""
        if args:
            warnings.warn(
                "Positional args are being deprecated, use kwargs instead. Refer to "
                "https://pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module.state_dict for details.",
                FutureWarning,
                stacklevel=2,
            )
            destination = args[0] if destination is None else destination
            prefix = args[1] if len(args) > 1 and prefix == "" else prefix
            keep_vars = args[2] if len(args) > 2 and keep_vars is False else keep_vars
        result: Any = OrderedDict() if destination is None else destination
        if destination is None:
            result._metadata = OrderedDict()
        local_metadata = {"version": self._version}
        if hasattr(result, "_metadata"):
            result._metadata[prefix[:-1]] = local_metadata
        for hook in self._state_dict_pre_hooks.values():
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(result, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=result, prefix=f"{prefix}{name}.", keep_vars=keep_vars)
        for hook in self._state_dict_hooks.values():
            replaced = hook(self, result, prefix, local_metadata)
            if not getattr(hook, "_from_public_api", False):
                result = result if replaced is None else replaced
            elif replaced is not None:
                raise RuntimeError("state_dict post-hook must return None")
        return result

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        own = {**self._parameters, **self._persistent_buffers()}
        for name, value in own.items():
            if value is not None:
                destination[prefix + name] = value if keep_vars else value.detach()
        if type(self).get_extra_state is not State.get_extra_state:
            destination[prefix + EXTRA_STATE] = self.get_extra_state()

    def _persistent_buffers(self) -> dict[str, Tensor | None]:
        return {k: v for k, v in self._buffers.items() if k not in self._non_persistent_buffers_set}

    def get_extra_state(self) -> Any:
        """Override, together with set_extra_state, to keep more than tensors in the state."""
        raise RuntimeError(
            "Reached a code path in Module.get_extra_state() that should never be called. Please file an issue at "
            "https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml to report this bug."
        )

    def set_extra_state(self, state: Any) -> None:
        """Override, together with get_extra_state, to read back what that returned."""
        raise RuntimeError(
            "Reached a code path in Module.set_extra_state() that should never be called. Please file an issue at "
            "https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml to report this bug."
        )

    # Reading

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> _IncompatibleKeys:
        """Copy values from `state_dict` into this module; with `assign`, take the tensors themselves.

        RuntimeError with one line per trouble: missing and unexpected keys (if `strict`), sizes that differ.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        missing: list[str] = []
        unexpected: list[str] = []
        errors: list[str] = []
        values: Any = OrderedDict(state_dict)
        metadata = getattr(state_dict, "_metadata", None)
        if metadata is not None:
            values._metadata = metadata
        self._load_tree(values, "", metadata, assign, strict, missing, unexpected, errors)
        if strict and unexpected:
            keys = ", ".join(f'"{key}"' for key in unexpected)
            errors.insert(0, f"Unexpected key(s) in state_dict: {keys}. ")
        if strict and missing:
            keys = ", ".join(f'"{key}"' for key in missing)
            errors.insert(0, f"Missing key(s) in state_dict: {keys}. ")
        if errors:
            listed = "\n\t".join(errors)
            raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}:\n\t{listed}")
        return _IncompatibleKeys(missing, unexpected)

    def _load_tree(
        self,
        values: Any,
        prefix: str,
        metadata: Any,
        assign: bool,
        strict: bool,
        missing: list[str],
        unexpected: list[str],
        errors: list[str],
    ) -> None:
        local_metadata = {} if metadata is None else metadata.get(prefix[:-1], {})
        if assign:
            local_metadata["assign_to_params_buffers"] = assign
        self._load_from_state_dict(values, prefix, local_metadata, True, missing, unexpected, errors)
        for name, child in self._modules.items():
            if child is not None:
                below = f"{prefix}{name}."
                part: Any = OrderedDict((k, v) for k, v in values.items() if k.startswith(below))
                child._load_tree(part, below, metadata, assign, strict, missing, unexpected, errors)
        report = _IncompatibleKeys(missing, unexpected)
        for hook in self._load_state_dict_post_hooks.values():
            if hook(self, report) is not None:
                raise AssertionError(
                    "Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return new "
                    "values, if incompatible_keys need to be modified, it should be done inplace."
                )

    def _load_from_state_dict(
        self,
        state_dict: Any,
        prefix: str,
        local_metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        for hook in self._load_state_dict_pre_hooks.values():
            hook(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        own = {k: v for k, v in {**self._parameters, **self._persistent_buffers()}.items() if v is not None}
        assign = local_metadata.get("assign_to_params_buffers", False)
        for name, target in own.items():
            key = prefix + name
            if key in state_dict:
                trouble = self._load_one(name, target, key, state_dict[key], assign)
                error_msgs.extend([] if trouble is None else [trouble])
            elif strict:
                missing_keys.append(key)
        self._load_extra_state(state_dict, prefix, strict, missing_keys, unexpected_keys)
        if strict:
            unexpected_keys.extend(key for key in state_dict if self._is_stranger(key, prefix, own))

    def _load_one(self, name: str, target: Any, key: str, value: Any, assign: bool) -> str | None:
        """Copy or assign one value; the trouble in words, or None."""
        if not isinstance(value, Tensor):
            return (
                f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like object from '
                f"checkpoint but received {type(value)}"
            )
        if is_lazy(target) and is_lazy(value):
            return None  # neither has anything to copy
        if not is_lazy(target) and len(target.shape) == 0 and len(value.shape) == 1:
            value = value.array[0]  # scalars were stored as one-element vectors before torch 0.4
            value = wrap(np.asarray(value))
        if not is_lazy(target) and value.shape != target.shape:
            return (
                f"size mismatch for {key}: copying a param with shape {value.shape} from checkpoint, "
                f"the shape in current model is {target.shape}."
            )
        try:
            with no_grad():
                if assign:
                    self._assign(name, target, value)
                else:
                    target.copy_(value)
        except Exception as error:
            return (
                f'While copying the parameter named "{key}", whose dimensions in the model are {target.size()} and '
                f"whose dimensions in the checkpoint are {value.size()}, an exception occurred : {error.args}."
            )
        return None

    def _assign(self, name: str, target: Tensor, value: Tensor) -> None:
        if isinstance(target, Parameter):
            if not isinstance(value, Parameter):
                value = Parameter(value, requires_grad=target.requires_grad)
            else:
                value.requires_grad_(target.requires_grad)
        setattr(self, name, value)

    def _load_extra_state(
        self, state_dict: Any, prefix: str, strict: bool, missing_keys: list[str], unexpected_keys: list[str]
    ) -> None:
        key = prefix + EXTRA_STATE
        if type(self).set_extra_state is not State.set_extra_state:
            if key in state_dict:
                self.set_extra_state(state_dict[key])
            elif strict:
                missing_keys.append(key)
        elif strict and key in state_dict:
            unexpected_keys.append(key)

    def _is_stranger(self, key: str, prefix: str, own: dict[str, Any]) -> bool:
        if not key.startswith(prefix) or key == prefix + EXTRA_STATE:
            return False
        first, dot, _ = key[len(prefix) :].partition(".")
        return not (first in own if not dot else first in self._modules)
