"""NF3xx: code that runs but does not do what its author thinks, or does not run at all."""

from __future__ import annotations

from .code import Code

HAZARDS = (
    Code(
        "NF301",
        "dropout-always-on",
        "{function} is called with {given}: it drops in eval mode too",
        "The function does not know the model's mode; left out, `training` is True, and eval() does not switch it off.",
        "Pass training=self.training (for F.dropout, convert does it with --fix dropout), or use nn.Dropout.",
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
        "the value of `{name}` is never used: {reason}",
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
    Code(
        "NF309",
        "attention-dropout-always-on",
        "F.scaled_dot_product_attention is called with dropout_p={given}, in eval mode too",
        "The function does not know the model's mode; eval() does not switch its dropout off.",
        "Pass dropout_p={given} if self.training else 0.0.",
    ),
    Code(
        "NF310",
        "layers-in-plain-container",
        "self.{name} is a plain {kind}, so the layers in it are not registered",
        "parameters(), state_dict(), to() and train() do not see layers in a list or dict: they are not trained.",
        "Use nn.{cure}.",
    ),
    Code(
        "NF311",
        "parameters-in-plain-container",
        "self.{name} is a plain {kind}, so the parameters in it are not registered",
        "parameters(), state_dict() and to() do not see parameters in a list or dict: they are not trained.",
        "Use nn.{cure}.",
    ),
    Code(
        "NF312",
        "layer-built-in-forward",
        "{function} is built at every call of {method}, with new weights each time",
        "Its weights start anew at every call; they are never trained and never saved.",
        "Build the layer in __init__.",
    ),
    Code(
        "NF313",
        "inplace-activation-shared",
        "self.{name} = {function}(inplace=True) is called in {count} places",
        "One object stands for several steps: a forward hook cannot tell them apart, quantisation cannot observe each. "
        "Told only when it is selected, because the results are right.",
        "Build one activation per use.",
    ),
    Code(
        "NF314",
        "inplace-changes-used-value",
        "{function} works in place on `{name}`, and line {other} reads `{name}` afterwards",
        "`{name}` has been overwritten by then: what is read is the activation's result.",
        "Leave inplace=True out, or use the result's name.",
    ),
    Code(
        "NF315",
        "eps-taken-for-momentum",
        "{function} gets {given} as its second argument, which is eps",
        "The second argument is added to the variance; momentum is the third.",
        "Write momentum={given}.",
    ),
    Code(
        "NF316",
        "data-in-forward",
        "self.{name}.data is used in a computation",
        "`.data` is cut off from autograd: the parameter gets no gradient from here.",
        "Use self.{name}.",
    ),
    Code(
        "NF317",
        "parameter-never-used",
        "self.{name} is never read",
        "It takes part in no computation: it gets no gradient, yet it is saved and counted.",
        "Use it in forward, or delete it.",
    ),
    Code(
        "NF318",
        "inplace-after-saved-output",
        "`{name}` is changed in place, but line {other} made it by {function}, whose backward needs its result",
        "forward runs; backward raises: one of the variables needed for gradient computation has been modified.",
        "Write {name} = {name} {operator} ... instead.",
    ),
    Code(
        "NF319",
        "parameter-never-filled",
        "self.{name} is made by {function}, which leaves memory as it is, and nothing fills it",
        "Its first values are whatever was in memory: zeros on one run, NaN on another.",
        "Fill it with nn.init, or make it by torch.zeros or torch.randn.",
    ),
    Code(
        "NF320",
        "train-takes-no-mode",
        "train({takes}) hides nn.Module.train(mode=True)",
        "eval() calls self.train(False), and so does the train() or eval() of a model around this one.",
        "Give the method another name, such as fit.",
    ),
    Code(
        "NF321",
        "literal-compared-by-identity",
        "`{operator} {literal}` asks for the same object, not for an equal value",
        "Two equal strings or numbers may be two objects: the answer depends on how the value was made.",
        "Compare with {cure}.",
    ),
    Code(
        "NF322",
        "result-ignored",
        "the result of {function} is not used",
        "The function returns a new tensor and leaves its argument as it is: the line has no effect.",
        "Assign the result.",
    ),
)

OPT_IN = frozenset({"NF313"})
"""Codes that are told only when they are selected by name: code that is right, but in the way of some uses."""
