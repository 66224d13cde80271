"""What a layer's attributes say, once it has become parameters: `self.fc.in_features` → `self.fc_weight.shape[1]`."""

from __future__ import annotations

import ast

from ..source.literal import is_literal
from .form import Form, Tensor

_SIZES = frozenset(
    "in_features out_features in_channels out_channels num_features num_channels num_embeddings embedding_dim".split()  # noqa: SIM905
)
_AS_GIVEN = frozenset(
    "groups num_groups eps momentum p inplace negative_slope affine track_running_stats padding_idx".split()  # noqa: SIM905
)
_KEPT = frozenset({"groups", "num_groups", "eps"})
"""What may be kept on self under a name of its own, just as it was given."""
_SPREAD = frozenset("kernel_size stride padding dilation".split())  # noqa: SIM905
"""What a convolution keeps as a tuple, however it was given."""


def answer(form: Form, attribute: str) -> str | None:
    """The value of a layer's attribute, with `{self}` for the instance; None where no short expression gives it."""
    if attribute not in form.pair.module_signature.names:
        return None
    text = form.values.get(attribute)
    spread = attribute in _SPREAD and form.pair.family == "conv"
    if text is not None and (spread or attribute in _SIZES | _AS_GIVEN):
        node = ast.parse(f"({text})", mode="eval").body
        if attribute == "padding_idx" and not isinstance(node, ast.Constant):
            return None  # a negative one counts from the end, in the layer too
        if is_literal(node) and (not spread or isinstance(node, ast.Tuple)):
            return text if isinstance(node, (ast.Constant, ast.Tuple)) else f"({text})"
        if is_literal(node) and isinstance(node, ast.Constant) and isinstance(node.value, int):
            comma = "," if form.pair.spatial == 1 else ""
            return f"({', '.join([text] * form.pair.spatial)}{comma})"
    if attribute == "kernel_size" and spread:
        return _kernel(form)
    kept = form.arguments.get(attribute, "")
    if attribute in _KEPT and kept.startswith("{self}.") and kept.removeprefix("{self}.").isidentifier():
        return kept
    return _size(form, attribute) if attribute in _SIZES else None


def _kernel(form: Form) -> str | None:
    """The last axes of a convolution's weight."""
    weight = next((tensor for tensor in form.tensors if tensor.slot.key == "weight" and tensor.when is None), None)
    if weight is None:
        return None
    axes = [f"{{self}}.{weight.attribute}.shape[{axis + 2}]" for axis in range(form.pair.spatial)]
    return f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"


def _size(form: Form, name: str) -> str | None:
    """The axis of a tensor that is there for certain."""
    for tensor in form.tensors:
        words = _words(tensor)
        if name == "in_channels" and form.values.get("groups") == "1":
            words = [word.removesuffix("/groups") for word in words]
        if tensor.when is None and name in words:
            return f"{{self}}.{tensor.attribute}.shape[{words.index(name)}]"
    return None


def _words(tensor: Tensor) -> list[str]:
    """The shape pattern up to where one of its words stands for several axes."""
    words = tensor.slot.shape.split()
    several = next((index for index, word in enumerate(words) if word.startswith("*")), len(words))
    return words[:several]
