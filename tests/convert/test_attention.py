"""Attention in either style, under real torch: masks, one tensor in three places, sizes, what walks and reads see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import dedent, indent
from typing import Any

import pytest
from referee import Referee

from nnflip.convert import Conversion, Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\nclass Net(nn.Module):\n"


def model(layer: str, forward: str, arguments: str = "x", more: str = "") -> str:
    body = f"def __init__(self):\n    super().__init__()\n    self.attn = nn.MultiheadAttention({layer})\n"
    body += indent(dedent(more).strip("\n"), "    ") + f"\n\ndef forward(self, {arguments}):\n"
    return HEAD + indent(body + indent(dedent(forward).strip("\n"), "    "), "    ") + "\n"


def there_and_back(text: str, inputs: Callable[[], Sequence[Any]]) -> Conversion:
    """To functional and back to modules; the referee holds both steps. Returns the first."""
    there = convert_source(text, Options(to="functional"))
    assert there.changed
    assert not there.all_kept
    Referee(there, inputs, same_start=True).check()
    back = convert_source(there.text, Options(to="module", init="exact"))
    Referee(back, inputs, same_start=True).check()
    assert back.text == text.replace("import torch.nn.functional as F\n", "").replace("import torch\n", "", 1)
    return there


def kept(text: str, to: str = "functional") -> list[str]:
    """What keeps the layers of a text that stays as it is."""
    there = convert_source(text, Options(to=to))  # type: ignore[arg-type]
    assert there.text == text
    return [f"{found.code} {found.message}" for found in there.all_kept]


def drawn(*shapes: Sequence[int]) -> Callable[[], Sequence[Any]]:
    def made() -> list[Any]:
        with torch.random.fork_rng():
            torch.manual_seed(5)
            return [torch.randn(shape) for shape in shapes]

    return made


CAUSAL = "torch.ones(5, 5).triu(1).bool()"
PADDED = "torch.arange(5).expand(2, 5) > 3"


@pytest.mark.parametrize("layer", ["8, 2, dropout=0.5", "8, 1, bias=False, add_zero_attn=True"])
@pytest.mark.parametrize(
    "call",
    [
        "x, x, x",
        "x, x, x, need_weights=False",
        f"x, x, x, attn_mask={CAUSAL}, average_attn_weights=False",
        f"x, x, x, attn_mask={CAUSAL}, is_causal=True, need_weights=False",
        f"x, x, x, {PADDED}, False",
        f"x, x, x, key_padding_mask={PADDED}, attn_mask=torch.ones(5, 5).tril()",
        "x, x * 2, x * 3",
        "x, x[:2], x[:2]",
    ],
)
def test_attention_goes_there_and_back(layer: str, call: str) -> None:
    text = model(layer, f"return self.attn({call})")
    if "torch." in call:
        text = text.replace("import torch\n", "import torch  # used\n")
    there = convert_source(text, Options(to="functional"))
    assert not there.all_kept
    Referee(there, drawn((5, 2, 8)), same_start=True).check()
    back = convert_source(there.text, Options(to="module", init="exact"))
    Referee(back, drawn((5, 2, 8)), same_start=True).check()
    assert f"nn.MultiheadAttention({layer})" in back.text


def test_input_without_a_batch_stays_so() -> None:
    there_and_back(model("8, 2", "return self.attn(x, x, x)[0]"), drawn((5, 8)))


def test_keys_and_values_of_other_sizes() -> None:
    text = model("8, 2, add_bias_kv=True, kdim=6, vdim=5", "return self.attn(x, k, v)", "x, k, v")
    there = there_and_back(text, drawn((4, 2, 8), (5, 2, 6), (5, 2, 5)))
    assert "use_separate_proj_weight=True" in there.text
    (outcome,) = there.models
    assert "attn.in_proj_weight" not in outcome.state_map
    assert outcome.state_map["attn.out_proj.weight"].key == "attn_out_proj_weight"


def test_sizes_that_only_init_knows() -> None:
    text = model("d, heads", "return self.attn(x, x, x)[0]").replace("__init__(self)", "__init__(self, d=8, heads=2)")
    assert "self.attn_num_heads = heads" in there_and_back(text, drawn((5, 2, 8))).text


def test_a_layer_of_one_value_size_comes_back_with_the_sizes_it_needs() -> None:
    there_and_back(model("8, 2, kdim=6", "return self.attn(x, k, x)", "x, k"), drawn((4, 2, 8), (4, 2, 6)))


def test_tensors_of_the_layer_that_are_read_follow() -> None:
    text = model(
        "8, 2",
        "return self.attn(x, x, x)[0] + self.attn.out_proj.weight.norm()",
        more="nn.init.normal_(self.attn.out_proj.weight, std=0.02)\nself.attn.in_proj_bias.data.fill_(0.1)",
    )
    assert "nn.init.normal_(self.attn_out_proj_weight, std=0.02)" in there_and_back(text, drawn((5, 2, 8))).text


def test_a_walk_over_linear_layers_meets_the_output_projection() -> None:
    text = model("8, 2", "return self.fc(self.attn(x, x, x)[0])", more="self.fc = nn.Linear(8, 3)\nself.apply(fill)")
    text += "\n\ndef fill(m):\n    if isinstance(m, nn.Linear):\n        nn.init.normal_(m.weight, std=0.1)\n"
    there = convert_source(text, Options(to="functional"))
    Referee(there, drawn((5, 2, 8)), same_start=True).check()


def test_a_walk_over_linear_layers_outside_init_is_told_of_the_output_projection() -> None:
    text = model("8, 2", "return self.fc(self.attn(x, x, x)[0])", more="self.fc = nn.Linear(8, 3)")
    text += (
        "\n\ndef fill(m):\n    if isinstance(m, nn.Linear):\n        nn.init.normal_(m.weight, std=0.1)\n"
        "        if m.bias is not None:\n            nn.init.ones_(m.bias)\n\n\n"
        "def make():\n    net = Net()\n    net.apply(fill)\n    return net\n"
    )
    there = convert_source(text, Options(to="functional"))
    assert "nn.init.normal_(m.attn_out_proj_weight, std=0.1)" in there.text
    found = []
    for source, name in ((there.source, "attn.out_proj.weight"), (there.text, "attn_out_proj_weight")):
        space: dict[str, Any] = {}
        exec(source, space)
        torch.manual_seed(3)
        weight = space["make"]().get_parameter(name)
        found.append((weight.tolist(), torch.rand(1).item()))
    assert found[0] == found[1]


def test_functions_become_a_layer_named_after_its_tensors() -> None:
    text = HEAD + indent(
        dedent("""
        def __init__(self, embed_dim=8):
            super().__init__()
            self.embed_dim = embed_dim
            self.self_attn_in_proj_weight = nn.Parameter(torch.randn(3 * embed_dim, embed_dim))
            self.self_attn_out_weight = nn.Parameter(torch.randn(embed_dim, embed_dim))

        def forward(self, x):
            out, _ = F.multi_head_attention_forward(
                x, x, x, self.embed_dim, 2, self.self_attn_in_proj_weight, None, None, None, False, 0.1,
                self.self_attn_out_weight, None, training=self.training, need_weights=False)
            return out
        """),
        "    ",
    )
    for init in ("keep", "exact"):
        there = convert_source(text, Options(to="module", init=init))  # type: ignore[arg-type]
        assert "self.self_attn = nn.MultiheadAttention(" in there.text.replace("nn.utils.skip_init(", "").replace(
            "nn.MultiheadAttention, ", "nn.MultiheadAttention("
        )
        Referee(there, drawn((5, 2, 8)), same_start=init == "exact").check()


SLOW = ["8, 2, bias=False", "9, 3", "8, 2, add_bias_kv=True", "8, 2, add_zero_attn=True", "8, 2, kdim=8, vdim=8"]


def without_gradients(conversion: Conversion, inputs: Sequence[Any]) -> list[Any]:
    """What the model gives in eval mode before and after, on the same numbers."""
    found = []
    for text in (conversion.source, conversion.text):
        space: dict[str, Any] = {}
        exec(text, space)
        torch.manual_seed(3)
        with torch.no_grad():
            found.append(space["Net"]().eval()(*inputs))
    return found


@pytest.mark.parametrize(
    ("layer", "call", "shape"),
    [
        *((layer, "x, x, x", (2, 5)) for layer in SLOW[:-1]),
        ("9, 3", "x, x * 2, x * 2, need_weights=False", (2, 5)),
        ("9, 3", "x, x * 2, x * 3, None, True", (2, 5)),
        ("9, 3", "x, value=x, key=x * 2, average_attn_weights=False", (2, 5)),
        ("9, 3", "x, x, x", (5,)),
    ],
)
def test_the_batch_comes_first_where_no_other_path_is_taken(layer: str, call: str, shape: tuple[int, ...]) -> None:
    size = int(layer[0])
    text = model(f"{layer}, batch_first=True", f"return self.attn({call})")
    there = convert_source(text, Options(to="functional"))
    assert not there.all_kept
    assert "def attn(self, query, key, value" in there.text
    Referee(there, drawn((*shape, size)), same_start=True).check()
    back = convert_source(there.text, Options(to="module", init="exact"))
    Referee(back, drawn((*shape, size)), same_start=True).check()
    assert back.text == text.replace("import torch.nn.functional as F\n", "").replace("import torch\n", "", 1)
    for conversion in (there, back):
        one, other = without_gradients(conversion, drawn((*shape, size))())
        assert all(torch.equal(*pair) for pair in zip(one, other, strict=True) if pair[0] is not None)


@pytest.mark.parametrize("layer", ["8, 2", SLOW[-1]])
def test_a_batch_that_comes_first_is_respelled_on_request(layer: str) -> None:
    text = model(f"{layer}, batch_first=True", "return self.attn(x, x, x)[0]")
    assert any("faster path" in found for found in kept(text))
    there = convert_source(text, Options(to="functional", respell=True))
    assert [site.close for model in there.models for site in model.converted] == [True]
    Referee(there, drawn((2, 5, 8)), same_start=True).check()
    torch.testing.assert_close(*without_gradients(there, drawn((2, 5, 8))()))
    plain = convert_source(there.text, Options(to="module", init="exact"))
    assert "batch_first" not in plain.text
    Referee(plain, drawn((2, 5, 8)), same_start=True).check()
    back = convert_source(there.text, Options(to="module", init="exact", respell=True))
    assert "self.attn = nn.MultiheadAttention(8, 2, batch_first=True)" in back.text
    assert back.close
    torch.testing.assert_close(*without_gradients(back, drawn((2, 5, 8))()))


@pytest.mark.parametrize(
    "change",
    [
        ("return x.transpose(1, 0) if", "return x.transpose(0, 1) + 1 if"),
        ("need_weights=False):", "need_weights=None):"),
        ("            query,\n", "            key,\n"),
        ("return self.attn(x", "self.hook = self.attn\n        return self.attn(x"),
        ("    def attn(", "    @torch.no_grad()\n    def attn("),
    ],
)
def test_a_method_that_does_more_than_swap_stays(change: tuple[str, str]) -> None:
    text = model("9, 3, batch_first=True", "return self.attn(x, x, x, need_weights=False)[0]")
    written = convert_source(text, Options(to="functional")).text.replace("need_weights=True):", "need_weights=False):")
    there = convert_source(written.replace(*change), Options(to="module", init="exact"))
    assert "batch_first" not in there.text
    assert "self.attn_1 = nn.MultiheadAttention(9, 3)" in there.text
    Referee(there, drawn((2, 5, 9)), same_start=True).check()


@pytest.mark.parametrize(
    ("layer", "forward", "why"),
    [
        ("8, 2, batch_first=True", "return self.attn(x, x, x)", "faster path"),
        ("8, 2, batch_first=k == 8, bias=False", "return self.attn(x, x, x)", "cannot be told"),
        ("8, 1, batch_first=True", "return self.attn(*x)", "NF217"),
        ("8, 1, batch_first=True", "return self.attn(x, x)", "value is missing"),
        ("8, 2, kdim=k", "return self.attn(x, x, x)", "`kdim`"),
        ("8, 2", "return self.attn(*x)", "NF217"),
        ("8, 2", "return self.attn(x, x, x), self.attn.out_proj(x)", "NF229"),
        ("8, 2", "return self.attn(x, x, x), self.attn.num_heads", "NF229"),
    ],
)
def test_what_cannot_be_said_stays(layer: str, forward: str, why: str) -> None:
    found = kept(model(layer, forward).replace("__init__(self)", "__init__(self, k=8)"))
    assert len(found) == 1
    assert why in found[0]


@pytest.mark.parametrize("layer", ["8, 2", "8, 1, batch_first=True"])
def test_attention_in_a_container_stays(layer: str) -> None:
    text = model("8, 2", "return [attn(x, x, x)[0] for attn in self.layers]").replace(
        "self.attn = nn.MultiheadAttention(8, 2)",
        f"self.layers = nn.ModuleList([nn.MultiheadAttention({layer}) for _ in range(2)])",
    )
    assert all("NF221" in found for found in kept(text))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("training=self.training, ", ""), "NF202"),
        (("use_separate_proj_weight=True, ", ""), "use_separate_proj_weight"),
        (("torch.empty(8, 6)", "torch.empty(8, 8)"), "where all sizes agree"),
        (("v_proj_weight=self.v, ", "v_proj_weight=self.v, static_k=x, "), "static_k"),
        (("x, 8, 2", "x, 16, 2"), "embed_dim is 16"),
        (("self.bk, self.bv", "self.bk, None"), "bias_v"),
        (("torch.empty(8, 8)", "torch.empty(8, 9)"), "NF206"),
    ],
)
def test_functions_that_no_module_computes_stay(change: tuple[str, str], why: str) -> None:
    text = HEAD + (
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.q = nn.Parameter(torch.empty(8, 8))\n"
        "        self.k = nn.Parameter(torch.empty(8, 6))\n"
        "        self.v = nn.Parameter(torch.empty(8, 8))\n"
        "        self.o = nn.Parameter(torch.empty(8, 8))\n"
        "        self.bk = nn.Parameter(torch.empty(1, 1, 8))\n"
        "        self.bv = nn.Parameter(torch.empty(1, 1, 8))\n\n"
        "    def forward(self, x, k):\n"
        "        return F.multi_head_attention_forward(x, k, x, 8, 2, None, None, self.bk, self.bv, False, 0.0, "
        "self.o, None, training=self.training, use_separate_proj_weight=True, q_proj_weight=self.q, "
        "k_proj_weight=self.k, v_proj_weight=self.v, need_weights=False)\n"
    )
    there = convert_source(text, Options(to="module", init="exact"))
    assert "nn.MultiheadAttention, 8, 2, bias=False, add_bias_kv=True, kdim=6" in there.text
    assert any(why in found for found in kept(text.replace(*change), "module"))
