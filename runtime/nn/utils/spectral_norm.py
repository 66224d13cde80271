"""Spectral normalisation by a hook, the old form; the new one is in parametrizations.py."""

from __future__ import annotations

from typing import Any

from ...autograd import no_grad
from .. import functional as F
from ..parameter import Parameter


def as_matrix(weight: Any, dim: int) -> Any:
    """The weight as a matrix, with axis `dim` as its rows."""
    if dim != 0:
        weight = weight.permute(dim, *(axis for axis in range(weight.dim()) if axis != dim))
    return weight.reshape(weight.size(0), -1)


def output_axis(module: Any) -> int:
    """The axis of the outputs in the module's weight: 1 for transposed convolutions, else 0."""
    return 1 if any("ConvTranspose" in kind.__name__ for kind in type(module).__mro__) else 0


class SpectralNorm:
    """The hook that divides the weight by its largest singular value before every forward."""

    _version = 1

    def __init__(self, name: str = "weight", n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12) -> None:
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.name = name
        self.dim = dim
        self.n_power_iterations = n_power_iterations
        self.eps = eps

    def reshape_weight_to_matrix(self, weight: Any) -> Any:
        """The weight as the matrix whose norm is meant."""
        return as_matrix(weight, self.dim)

    def compute_weight(self, module: Any, do_power_iteration: bool) -> Any:
        """The weight over its norm; in training the estimate of the norm takes a step, in the module's buffers."""
        weight, u, v = (getattr(module, self.name + end) for end in ("_orig", "_u", "_v"))
        matrix = as_matrix(weight, self.dim)
        if do_power_iteration:
            with no_grad():
                for _ in range(self.n_power_iterations):
                    v.copy_(F.normalize(matrix.t().mv(u), dim=0, eps=self.eps))
                    u.copy_(F.normalize(matrix.mv(v), dim=0, eps=self.eps))
                u, v = u.clone(), v.clone()  # the next forward changes the buffers in place
        return weight / u.dot(matrix.mv(v))

    @staticmethod
    def apply(module: Any, name: str, n_power_iterations: int, dim: int, eps: float) -> SpectralNorm:
        """Put the hook on `module`. RuntimeError for a second one on the same parameter."""
        for hook in module._forward_pre_hooks.values():
            if isinstance(hook, SpectralNorm) and hook.name == name:
                raise RuntimeError(f"Cannot register two spectral_norm hooks on the same parameter {name}")
        made = SpectralNorm(name, n_power_iterations, dim, eps)
        weight = module._parameters[name]
        if weight is None:
            raise ValueError(f"`SpectralNorm` cannot be applied as parameter `{name}` is None")
        with no_grad():
            rows, columns = as_matrix(weight, dim).size()
            u = F.normalize(weight.new_empty(rows).normal_(0, 1), dim=0, eps=eps)
            v = F.normalize(weight.new_empty(columns).normal_(0, 1), dim=0, eps=eps)
        del module._parameters[name]
        module.register_parameter(name + "_orig", weight)
        setattr(module, name, weight.data)
        module.register_buffer(name + "_u", u)
        module.register_buffer(name + "_v", v)
        module.register_forward_pre_hook(made)
        module._register_state_dict_hook(made.note_version)
        return made

    def note_version(self, module: Any, state_dict: Any, prefix: str, local_metadata: dict[str, Any]) -> None:
        """torch writes its version of this into the metadata of the state."""
        local_metadata.setdefault("spectral_norm", {})[self.name + ".version"] = self._version

    def remove(self, module: Any) -> None:
        """One parameter again."""
        with no_grad():
            weight = self.compute_weight(module, do_power_iteration=False)
        delattr(module, self.name)
        for end in ("_u", "_v", "_orig"):
            delattr(module, self.name + end)
        module.register_parameter(self.name, Parameter(weight.detach()))

    def __call__(self, module: Any, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module, do_power_iteration=module.training))


def spectral_norm(
    module: Any,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> Any:
    """Replace the parameter by `<name>_orig` and two buffers (Miyato, 2018); the module."""
    SpectralNorm.apply(module, name, n_power_iterations, output_axis(module) if dim is None else dim, eps)
    return module


def remove_spectral_norm(module: Any, name: str = "weight") -> Any:
    """Undo spectral_norm; ValueError if there is none on that parameter."""
    found = None
    for table in (module._forward_pre_hooks, module._state_dict_hooks):
        for key, hook in list(table.items()):
            owner = getattr(hook, "__self__", hook)  # the state's hook is a method of the other
            if isinstance(owner, SpectralNorm) and owner.name == name:
                found = owner
                del table[key]
    if found is None:
        raise ValueError(f"spectral_norm of '{name}' not found in {module}")
    found.remove(module)
    return module
