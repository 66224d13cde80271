"""NF4xx: what verification found."""

from __future__ import annotations

from .code import Code

DIFFERENT: tuple[Code, ...] = (
    Code(
        "NF401",
        "numbers-differ",
        "the two versions do not compute the same",
        "Given the same input, state, mode and seed, an output, a gradient, a buffer or a parameter after one "
        "optimiser step is another one.",
        "Look at the first divergence: it names the operation, both lines and what is not the same there.",
    ),
    Code(
        "NF402",
        "close-by-rule",
        "the numbers are close, but not bit for bit the same",
        "By the rule of torch.testing.assert_close they agree. Code that was only moved gives the same bits, so "
        "something was calculated in another way.",
        "If the arithmetic was respelled on purpose, allow it: the report of convert marks such sites.",
    ),
    Code(
        "NF403",
        "one-side-stops",
        "only one of the two versions runs",
        "One version gives an answer where the other raises.",
        "Mend the side that stops; its line and message are in the reason.",
    ),
    Code(
        "NF404",
        "state-without-partner",
        "a parameter or buffer of one version has no partner in the other",
        "Number, shape, dtype or kind of the state differ, so no state_dict of the one fits the other.",
        "Give both versions the same parameters and buffers, or say with --map which became which.",
    ),
    Code(
        "NF405",
        "broken-tie",
        "a parameter that one version shares between two layers is two parameters in the other",
        "Shared parameters get the sum of two gradients; copies drift apart with the first step.",
        "Share it in both versions, or in neither.",
    ),
    Code(
        "NF406",
        "no-such-model",
        "the second file lacks a model of the first",
        "Models are paired by class name; two lone models are a pair whatever they are called.",
        "Rename it, or say which is which: --model A=B.",
    ),
)

UNDECIDED: tuple[Code, ...] = (
    Code(
        "NF410",
        "both-sides-stop",
        "neither version runs with the inputs that were tried",
        "What does not run shows nothing. Inputs were inferred from the model, or given.",
        "Give an input that works, as in --input x=float32[2,3,32,32], or define get_inputs() in the file.",
    ),
    Code(
        "NF411",
        "not-in-backend",
        "the model needs something that this backend does not have",
        "The numpy runtime covers what models use most, not all of torch.",
        "Run on torch itself: --backend torch.",
    ),
    Code(
        "NF412",
        "unknown-argument",
        "no value is known for an argument of the constructor",
        "Values are taken from --init-args, the file, pyproject.toml or the argument's name; none of them tells.",
        "Give it: --init-args NAME=VALUE, or define get_init_inputs() in the file.",
    ),
    Code(
        "NF413",
        "input-not-given",
        "an input of forward is missing or cannot be understood",
        "Once inputs are given by hand, every required argument of forward needs one.",
        "Write each as NAME=dtype[sizes], as in --input x=float32[2,3,32,32].",
    ),
    Code(
        "NF414",
        "ambiguous-state",
        "it is not clear which state of the one version is which of the other",
        "Names, shapes and the order of use leave several pairings open; a wrong one says nothing about the models.",
        "Give the report of convert: --map report.json.",
    ),
    Code(
        "NF415",
        "opaque-output",
        "an output is of a kind that cannot be compared",
        "Tensors, arrays, numbers, text, and containers, generators and plain objects of them can be; others cannot.",
        "Return one of those.",
    ),
    Code(
        "NF416",
        "no-tensor-returned",
        "the model returned no tensor",
        "Without a tensor there is nothing to compare.",
        "Return what the model computes.",
    ),
    Code(
        "NF417",
        "all-nan",
        "every output is NaN",
        "NaN equals NaN whatever was computed before it, so nothing is known.",
        "Give an input in the range the model is made for.",
    ),
    Code(
        "NF418",
        "no-answer",
        "the process that ran the model gave no answer",
        "It hung, exited, was ended by a limit on time or memory, or wrote more than allowed.",
        "See the reason; --timeout gives it longer.",
    ),
    Code(
        "NF419",
        "no-model",
        "the files define no model",
        "A model is a subclass of nn.Module with a forward that the file itself defines.",
        "Give the file that defines the class.",
    ),
    Code(
        "NF420",
        "map-does-not-fit",
        "the state map does not fit the two models",
        "It has to name every parameter and buffer of A, and lead to every one of B.",
        "Use the report that the conversion of these very files wrote.",
    ),
    Code(
        "NF421",
        "differs-from-itself",
        "A differs from itself from one run to the next",
        "It depends on the time, on randomness without a seed, or on what it keeps outside of itself between calls.",
        "Have it draw from torch's, numpy's or Python's own generator, and keep its state in the model.",
    ),
)

VERDICTS: tuple[Code, ...] = (*DIFFERENT, *UNDECIDED)
