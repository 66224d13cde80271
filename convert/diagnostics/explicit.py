"""NF286 to NF299: functions that are handed their weights stay as they are, because a module would not be the same."""

from __future__ import annotations

from .code import Code

EXPLICIT = (
    Code(
        "NF286",
        "weights-made-elsewhere",
        "the weights that {function} takes by `{name}` are not made where they can be read: line {other} says `{text}`",
        "A module makes its own parameters, so what makes them, and their shapes, must stand in this file: those of "
        "weights that are loaded stand in a file of weights alone.",
        "Make the dictionary in this file, as a display with constant keys or in a function that returns one: "
        "published weights then load into the module by load_state_dict.",
    ),
    Code(
        "NF287",
        "weights-made-oddly",
        "what makes a weight cannot be followed: `{text}`",
        "Each weight needs one constant key and one expression that makes a leaf.",
        "Write params['key'] = torch.randn(…).requires_grad_(), one statement for each weight.",
    ),
    Code(
        "NF288",
        "no-single-forward",
        "the functions that share weights with {function} have no single one that could be forward: {name}",
        "A module is called by its forward, and its other functions by that.",
        "Let one function call the others, and call only that one from outside.",
    ),
    Code(
        "NF289",
        "weights-used-as-dictionary",
        "`{name}`, which holds weights, is used as a dictionary on line {other}: `{text}`",
        "A module stands in for it where a weight is read by a constant key, and for .values() and .items().",
        "Use the weights through these, or leave the function.",
    ),
    Code(
        "NF290",
        "function-as-value",
        "{function}, which is handed its weights, is used as a value on line {other}: `{text}`",
        "torch.func, vmap, partial and the like want a function of its weights, and a module is none.",
        "Leave it functional: it is the style that these need.",
    ),
    Code(
        "NF291",
        "no-plain-function",
        "{function} cannot become a method: `{text}`",
        "Its lines move into a class, where this would mean something else.",
        "Take that out of the function first.",
    ),
    Code(
        "NF292",
        "computed-key",
        "{function} reads a weight by a key that is computed: `{text}`",
        "Which layer it is must be known where the module is built.",
        "Write the keys out, or the helper in one expression with a constant base at every call.",
    ),
    Code(
        "NF293",
        "serves-both-ways",
        "{function} can be called with weights in `{name}` and without",
        "A module has its own weights; with two sources of them the calls mean two different things.",
        "Make two functions of it, one that takes weights and one that has them.",
    ),
    Code(
        "NF294",
        "mixed-training",
        "the weight {name} {text}",
        "A module's parameters train and its buffers do not.",
        "Say requires_grad of all weights that train, and of no running statistics.",
    ),
    Code(
        "NF295",
        "key-without-layer",
        "the weight '{key}' of {function} is not the weight of one layer",
        "A key with a dot names a layer and its weight; a module has no such entry without that layer.",
        "Hand it to one function of torch that a layer stands for, or give it a key without a dot.",
    ),
    Code(
        "NF296",
        "function-as-a-whole",
        "{function} becomes a module as a whole or not at all, and line {other} stays: {reason}",
        "Its weights have one home: a module's parameters, or the dictionary that is handed over.",
        "Mend that line first.",
    ),
    Code(
        "NF298",
        "no-plain-class",
        "class {name} cannot become an nn.Module: {text}",
        "An nn.Module has methods and attributes of its own, registers modules and parameters, and calls forward.",
        "Rename or take out what stands in the way, or derive the class from nn.Module by hand.",
    ),
    Code(
        "NF297",
        "runs-before-the-module",
        "line {other} runs between the making of the weights of {function} and the function: `{text}`",
        "The weights would be made later than they are now, when the module is.",
        "Move the making of the weights next to the function.",
    ),
    Code(
        "NF299",
        "weight-held-by-object",
        "`{name}` may come to be held by an object on line {other}: `{text}`",
        "A module registers every parameter and every module that it is given: its state would have more entries.",
        "Hand the weight over where it is used, or leave the function.",
    ),
)
