"""NF2xx: a site is left as it stands, because other code sees or sets what would change."""

from __future__ import annotations

from .code import Code

REACHED = (
    Code(
        "NF208",
        "redefined-attribute",
        "self.{name} is given a value at {count} places",
        "Which value a call meets depends on the path the program takes.",
        "Define the attribute once.",
    ),
    Code(
        "NF209",
        "used-from-outside",
        "self.{name} is also reached from line {other}: `{text}`",
        "Code outside the class relies on the attribute that would change.",
        "Change that place by hand first, or leave the layer.",
    ),
    Code(
        "NF210",
        "key-in-string",
        "line {other} holds the string {text}, a state_dict key of self.{name}",
        "Converting renames the key, and the string would no longer find it.",
        "Rename the string by hand first, or leave the layer.",
    ),
    Code(
        "NF211",
        "self-escapes",
        "`{text}` at line {other} lets other code see any attribute of the model",
        "What that code does to the layers cannot be seen here.",
        "Pass the attributes that are needed instead of the whole model.",
    ),
    Code(
        "NF212",
        "module-walker",
        "`{text}` at line {other} walks over modules and would meet {module} differently",
        "A layer that becomes parameters is met at another time or not at all, and a new module suddenly is.",
        "Write the effect on this layer out explicitly, or leave the layer.",
    ),
    Code(
        "NF213",
        "parameters-by-name",
        "`{text}` at line {other} reads parameters by name or in order",
        "Converting changes the names and the order of parameters.",
        "Make that code independent of names, or leave the layer.",
    ),
    Code(
        "NF214",
        "module-as-value",
        "self.{name} is used as a value: `{text}`",
        "Only a layer that is called, or whose parameters are read, can be written as a function.",
        "Call the layer where it is needed instead of passing it on.",
    ),
    Code(
        "NF219",
        "mode-handled-by-hand",
        "`{text}` at line {other} handles train and eval mode by hand",
        "A submodule has a mode of its own; code that sets modes may treat owner and layer differently.",
        "Leave the layer, or let train() and eval() do the switching.",
    ),
    Code(
        "NF220",
        "overrides-protocol",
        "the class overrides {text} (line {other})",
        "Parameters and modules of this class are managed by its own code.",
        "Convert this class by hand.",
    ),
    Code(
        "NF228",
        "scripted",
        "the class is compiled by torch.jit",
        "TorchScript compiles the source itself and accepts only part of Python.",
        "Convert the class without torch.jit first.",
    ),
    Code(
        "NF229",
        "attribute-of-layer",
        "`{text}` reads an attribute of the layer",
        "Functional code has no layer object to ask, and neither a literal nor a weight's shape gives the value.",
        "Keep the value in an attribute of the model.",
    ),
    Code(
        "NF231",
        "base-class",
        "class {name} derives from {text}",
        "What the base class does with the attributes is not visible here.",
        "Derive from nn.Module directly, or to convert to functional style from a model class of the same file.",
    ),
    Code(
        "NF232",
        "defined-in-loop",
        "self.{name} is defined inside a loop",
        "Each turn of the loop makes a new layer.",
        "Use nn.ModuleList, or define the attribute outside the loop.",
    ),
    Code(
        "NF233",
        "mutable-argument",
        "{function} takes self.{name}, which is changed after __init__ (line {other})",
        "A module reads the argument once, when it is constructed.",
        "Set the attribute in __init__ only.",
    ),
    Code(
        "NF236",
        "decorated-class",
        "class {name} has no __init__ of its own, and @{text} may give it one",
        "The module would be made in an __init__, which would take the place of the decorator's.",
        "Write the __init__ out.",
    ),
    Code(
        "NF250",
        "used-in-another-file",
        "{name} is also reached from line {other} of {file}: `{text}`",
        "Another of the files to be converted relies on what would change, or may do so.",
        "Change that place by hand first, or leave the layer; alone, without that file, this one converts.",
    ),
    Code(
        "NF270",
        "class-from-caller",
        "`{name}` is an argument of {function}: a caller may pass another class than {default}",
        "Which layer is built is known only when the program runs.",
        "Name the class where the layer is built, or choose between classes by a string.",
    ),
)
