"""NF3xx: code that runs but does not do what its author thinks, or does not run at all."""

from __future__ import annotations

from .code import Code

HAZARDS = (
    Code(
        "NF301",
        "dropout-always-on",
        "{function} is called with {given}: it drops in eval mode too",
        "The function does not know the model's mode; left out, `training` is True, and eval() does not switch it off.",
        "Pass training=self.training (convert does it with --fix dropout), or use nn.Dropout.",
    ),
    Code(
        "NF302",
        "batch-norm-mode-fixed",
        "{function} is called with {given}: train() and eval() do not change what it does",
        "With training=True the running statistics are never used for inference; with False they are never updated.",
        "Pass training=self.training, or use nn.BatchNorm.",
    ),
    Code(
        "NF303",
        "transposed-weight",
        "self.{name} is shaped {shape}, which looks like (in_features, out_features)",
        "F.linear takes (out_features, in_features): it computes x @ weight.T.",
        "Swap the two sizes where the parameter is created.",
    ),
    Code(
        "NF304",
        "missing-argument",
        "{function}: {reason}",
        "Running the call raises a TypeError.",
        "Pass the argument: F.max_pool2d(x, 2), for instance.",
    ),
    Code(
        "NF305",
        "value-dropped",
        "the value of `{name}` is never used: line {other} gives it a new one, computed from {instead}",
        "The result of a layer is computed and thrown away, so the layer has no effect.",
        "Pass the value on to the next step, or delete this line.",
    ),
    Code(
        "NF306",
        "flattened-too-early",
        "{function} gets `{name}`, which line {other} has flattened to two dimensions",
        "A convolution or pooling needs the spatial dimensions that flattening removes.",
        "Flatten after the last convolution or pooling.",
    ),
    Code(
        "NF307",
        "softmax-without-dim",
        "{function} is called without dim",
        "torch then chooses dim 0 for 0, 1 and 3 dimensions and dim 1 otherwise, and warns.",
        "Pass dim=-1, or the dimension that is meant.",
    ),
    Code(
        "NF308",
        "weight-does-not-fit",
        "self.{name} does not fit {function}: {reason}",
        "The call would raise when it runs.",
        "Correct the shape where the parameter is created.",
    ),
)
