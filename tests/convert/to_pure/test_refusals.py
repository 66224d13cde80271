"""Classes that stay classes, since functions of their parameters would not be the same."""

from __future__ import annotations

import pytest
from pure_text import pure

NET = """class Net(nn.Module):
    {constants}
    def __init__(self, size=4, extra=None):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size, size))
        {init}

    def forward(self, x):
        {forward}
        return F.linear(x, self.weight)
"""

CASES = {
    "state from call to call": ("self.n = 0", "self.n += 1", "keeps something"),
    "a cache": ("self.cache = {}", "self.cache[0] = x", "changes self.cache inside"),
    "a list that is handed on": ("self.seen = []", "note(self.seen, x)", "may change self.seen inside"),
    "a list under another name": ("self.seen = []", "seen = self.seen", "may change self.seen inside"),
    "a plain tensor as statistics": (
        "self.mean = torch.zeros(4)",
        "F.batch_norm(x, self.mean, self.mean, training=True)",
        "may change self.mean inside",
    ),
    "a plain tensor in place": ("self.mean = torch.zeros(4)", "self.mean.add_(1)", "changes self.mean inside"),
    "a module from outside": ("self.extra = extra", "x = self.extra(x)", "is called, and may be a module"),
    "a layer from outside": ("self.extra = extra", "x = x * self.extra.weight", "as a module"),
    "a weight from outside": ("self.extra = extra", "x = F.linear(x, self.extra)", "for a weight"),
    "layers from outside": ("self.extra = extra", "for f in self.extra: x = f(x)", "may hold modules"),
    "a method of a part": ("self.extra = extra", "x = self.extra.encode(x)", "is called"),
    "a module that nobody runs": ("self.extra = make()", "pass", "would have to run in several functions"),
    "a parameter under two names": ("self.extra = self.weight", "pass", "ties parameters"),
    "a parameter in a variable": ("w = nn.Parameter(torch.ones(2)); self.extra = w", "pass", ""),
    "a frozen parameter": ("self.weight.requires_grad_(False)", "pass", "belongs to autograd"),
    "a parameter that changes as it runs": ("pass", "self.weight.data.clamp_(0, 1)", "changes a parameter"),
    "a random setting": ("self.shift = torch.rand(1)", "x = x + self.shift", "several functions"),
    "a random test": ("if torch.rand(1) > 0.5:\n            self.extra = 1", "x = x * self.extra", "a test of its"),
    "the module itself": ("pass", "note(self)", "needs the module as a whole"),
    "the walk over parameters": ("pass", "sum(p.sum() for p in self.parameters())", "asks the module for parameters"),
    "a walk that initialises": ("self.apply(note)", "pass", "asks the module for apply"),
    "a name that functions have": ("pass", "params = 1", "a name `params` of its own"),
    "an argument that forward hides": ("self.extra = size * 2", "size = x + self.extra", "would be handed to it"),
    "an argument that changes": ("size = size + 1; self.extra = size", "x = x + self.extra", "which __init__ changes"),
    "an argument that changes inside": ("extra.append(1)\n        self.extra = extra", "x + self.extra[0]", ""),
    "a deleted setting": ("self.extra = 1\n        del self.extra", "pass", "keeps something"),
    "a buffer that is a parameter": (
        "t = torch.ones(2)\n        self.w = nn.Parameter(t)\n        self.register_buffer('b', t)",
        "pass",
        "shares its tensor",
    ),
    "a buffer made of a parameter": ("self.register_buffer('b', self.weight.detach() * 2)", "pass", ""),
    "a random buffer": ("self.register_buffer('b', torch.randn(3))", "pass", "random or unknown"),
    "a name of the file that changes": ("self.extra = WIDTH * 2", "x = x * self.extra", "gives several values"),
    "variables by their names": ("pass", "note(locals())", "depends on being in a class"),
    "a computed attribute": ("setattr(self, 'a' + str(size), 1)", "pass", ""),
    "a parameter in a loop": (
        "for i in range(2):\n            self.w2 = nn.Parameter(torch.ones(2))",
        "pass",
        "stands in a loop",
    ),
}


def net(init: str, forward: str, constants: str = "pass") -> str:
    head = "WIDTH = 1\nWIDTH = 2\n\n\ndef note(*_):\n    pass\n\n\n"
    return head + NET.format(init=init, forward=forward, constants=constants)


@pytest.mark.parametrize(("init", "forward", "reason"), CASES.values(), ids=CASES)
def test_a_class_stays(init: str, forward: str, reason: str) -> None:
    there = pure(net(init, forward))
    assert not there.changed
    assert [one.code for one in there.all_kept] == ["NF283"], there.all_kept
    assert reason in there.all_kept[0].message


@pytest.mark.parametrize(
    ("constants", "forward"),
    [
        ("sizes = [1, 2]", "self.sizes.append(3)"),
        ("training = False", "pass"),
        ("def _load_from_state_dict(self, *a): pass", "pass"),
        ("half_size = 2\n\n    def half_of(self, x, by=half_size): return x", "x = self.half_of(x)"),
        ("@property\n    def double(self): return 2", "x = x * self.double"),
        ("table = make()", "pass"),
    ],
    ids=["changed", "of the module", "its protocol", "in a head", "a property", "computed"],
)
def test_a_class_stays_for_what_its_body_holds(constants: str, forward: str) -> None:
    there = pure(net("pass", forward, constants))
    assert not there.changed
    assert [one.code for one in there.all_kept] == ["NF283"]


def test_a_class_stays_whose_constructor_hides_a_function() -> None:
    there = pure(net("even = self.even(size)", "pass", "@staticmethod\n    def even(n): return n % 2 == 0"))
    assert not there.changed
    assert "__init__ has a name `even`" in there.all_kept[0].message


def test_effects_of_a_constructor_are_kept() -> None:
    text = net("torch.backends.cudnn.benchmark = True\n        print(self.training)", "x = x * self.weight.shape[0]")
    there = pure(text)
    assert "    torch.backends.cudnn.benchmark = True\n    print(True)\n    return params\n" in there.text


def test_functions_of_torch_are_settings() -> None:
    there = pure(net("self.act = F.relu", "x = self.act(x)"))
    assert "    act = F.relu\n    x = act(x)\n" in there.text


PLAIN = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        # the widest
        self.fc = nn.Linear(4, 8)

    def forward(self, x):
        return self.fc(x)
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("self.fc.weight.data.clamp_(0, 1)", "`self.fc.weight.data.clamp_(0, 1)` changes a parameter when it runs"),
        (
            "y = self.fc(x); self.fc.weight.data.clamp_(0, 1)",
            "`self.fc.weight.data.clamp_(0, 1)` changes a parameter when it runs",
        ),
        ("self.fc(self.fc.weight.data.clamp_(0, 1))", "a statement changes a parameter when it runs"),
    ],
)
def test_only_what_the_user_wrote_is_quoted(line: str, said: str) -> None:
    (kept,) = pure(PLAIN.replace("return self.fc(x)", f"{line}\n        return self.fc(x)")).all_kept
    assert kept.code == "NF283"
    assert kept.message.endswith(f": {said}")


def test_a_method_that_only_the_converted_text_has_is_not_quoted() -> None:
    layers = "bound = 8\n        self.fc = nn.Linear(4, bound)\n        self.head = nn.Linear(bound, 2)"
    (kept,) = pure(PLAIN.replace("self.fc = nn.Linear(4, 8)", layers)).all_kept
    assert (kept.code, kept.line) == ("NF283", 6)
    assert kept.message.endswith(": the first values of its layers cannot be written into its __init__")
