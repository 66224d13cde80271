"""Layers in ModuleList and ModuleDict: objects that hold their tensors, under the keys that they had."""

from __future__ import annotations

from typing import Any

import pytest
from rows import in_one_row

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def rows(*shape: int) -> Any:
    import torch

    return lambda: [torch.randn(*shape, generator=torch.Generator().manual_seed(3))]


def codes(conversion: Any) -> list[str]:
    return [kept.code for kept in conversion.all_kept]


def net(init: str, forward: str, arguments: str = "n=3, dim=8") -> str:
    def body(text: str) -> str:
        return "\n".join(f"        {line}" if line else "" for line in text.strip("\n").split("\n"))

    return f"""class Block(nn.Module):
    def forward(self, x):
        return x * 2


class Net(nn.Module):
    def __init__(self, {arguments}):
        super().__init__()
{body(init)}

    def forward(self, x):
{body(forward)}
"""


LOOPS = net(
    """
self.fcs = nn.ModuleList([nn.Linear(dim, dim) for _ in range(n)])
self.norms = nn.ModuleList(nn.BatchNorm1d(dim, eps=1e-3) for _ in range(n))
self.drops = nn.ModuleList([nn.Dropout(0.1) for _ in range(n)])
self.last = nn.Linear(dim, 2)
""",
    """
for fc, norm, drop in zip(self.fcs, self.norms, self.drops):
    x = F.relu(norm(fc(x)))
    x = drop(x)
for i, fc in enumerate(self.fcs[1:]):
    x = x + i * fc(x)
for fc in reversed(self.fcs):
    x = x + fc.weight.norm()
return self.last(x) + len(self.fcs) + sum(fc(x).mean() for fc in self.fcs)
""",
)


def test_loops_stay_and_call_functions(judge: Any) -> None:
    conversion = judge(LOOPS, rows(4, 8), (), (1,), (0,))
    assert "for fc, norm, drop in zip(self.fcs, self.norms, self.drops):" in conversion.text
    assert "self.fcs = nn.ModuleList([self.make_fc(dim, dim) for _ in range(n)])" in conversion.text
    assert "x = x + i * F.linear(x, fc.weight, fc.bias)" in conversion.text
    assert "x = x + fc.weight.norm()" in conversion.text
    assert not conversion.all_kept


INDICES = net(
    """
self.fcs = nn.ModuleList([nn.Linear(8, 4), nn.Linear(4, 8, bias=False)])
self.mixed = nn.ModuleList([nn.Linear(8, 8), nn.ReLU(), Block()])
self.heads = nn.ModuleDict({"a": nn.Linear(8, 2), "b": nn.Linear(8, 3, bias=False)})
self.parts = nn.ModuleDict(dict(emb=nn.Linear(8, 8), act=nn.Tanh(), more=nn.ModuleList([nn.Linear(8, 8)])))
""",
    """
x = self.fcs[1](self.fcs[0](x)) + self.fcs[-1].weight.sum()
x = self.mixed[2](self.mixed[1](self.mixed[0](x)))
x = self.parts.act(self.parts.emb(x))
for more in self.parts["more"]:
    x = more(x)
key = "a" if x.mean() > 0 else "b"
return [head(x) for name, head in self.heads.items()] + [self.heads["b"](x), self.heads[key](x)]
""",
)


def test_indices_and_keys_say_which_layer_it_is(judge: Any) -> None:
    conversion = judge(INDICES, rows(4, 8))
    assert 'F.linear(x, self.heads["b"].weight, self.heads["b"].bias)' in in_one_row(conversion.text)
    assert "x = torch.tanh(F.linear(x, self.parts.emb.weight, self.parts.emb.bias))" in conversion.text
    assert not conversion.all_kept


GROWN = net(
    """
self.convs = nn.ModuleList()
kinds = []
for k in (1, 3, 5):
    self.convs.append(nn.Conv1d(1, n, k, padding=k // 2))  # same length
    kinds.append(nn.Conv1d(n, 1, 1, stride=k))
self.kinds = nn.ModuleList(kinds)
self.pools = nn.ModuleList([nn.MaxPool1d(2), nn.MaxPool1d(4, 2, padding=1)])
self.pools.extend([nn.MaxPool1d(1)])
self.acts = nn.ModuleList([nn.PReLU() if k else nn.PReLU(init=0.5) for k in range(n)])
self.embs = nn.ModuleList([nn.Embedding(k + 2, 3, padding_idx=k) for k in range(n)])
""",
    """
y = [act(conv(x)) for conv, act in zip(self.convs, self.acts)]
z = [kind(one).mean() for kind, one in zip(self.kinds, y)]
e = [self.embs[i](torch.tensor([0, 1, i])) for i in range(len(self.embs))]
return y, z, [pool(x) for pool in self.pools], e
""",
)


def test_what_differs_between_members_is_kept_on_each(judge: Any) -> None:
    conversion = judge(GROWN, rows(2, 1, 8), (3,), (2,))
    assert "self.convs.append(self.make_conv(1, n, k))" in conversion.text
    assert "layer.padding = k // 2" in conversion.text
    assert "F.max_pool1d(x, pool.kernel_size, stride=pool.stride, padding=pool.padding)" in in_one_row(conversion.text)
    assert "# same length" in conversion.text
    assert not conversion.all_kept


NAMED = net(
    """
self.fcs = nn.ModuleList([nn.Linear(dim, dim) for _ in range(n)])
for fc in self.fcs:
    nn.init.normal_(fc.weight, std=0.1)
    fc.bias.data.zero_()
for name, p in self.named_parameters():
    if name.endswith("0.weight"):
        nn.init.zeros_(p)
""",
    """
first = self.fcs[0]
x = first(x)
for i in range(1, len(self.fcs)):
    fc = self.fcs[i]
    x = x + fc(x)
return x
""",
)


def test_code_that_reads_names_does_not_mind(judge: Any) -> None:
    conversion = judge(NAMED, rows(4, 8))
    assert "nn.init.normal_(fc.weight, std=0.1)" in conversion.text
    assert "x = F.linear(x, first.weight, first.bias)" in conversion.text
    assert conversion.models[-1].state_map["fcs.*"].key == "fcs.*"


NESTED = net(
    """
self.pairs = nn.ModuleList([])
for width in (4, 6):
    self.pairs.append(nn.ModuleList([nn.Linear(dim, width), nn.Linear(width, dim), Block()]))
self.by_name = nn.ModuleDict({name: nn.Linear(dim, dim) for name in ("up", "down")})
self.by_name["more"] = nn.Linear(dim, dim, bias=n > 3)
""",
    """
for inner, outer, block in self.pairs:
    x = block(outer(F.relu(inner(x))))
for pair in self.pairs:
    x = x + pair[1](pair[0](x))
for name in ("up", "more"):
    x = self.by_name[name](x)
return x
""",
)


def test_containers_in_containers(judge: Any) -> None:
    conversion = judge(NESTED, rows(4, 8), (3,), (4,))
    assert not conversion.all_kept


@pytest.mark.parametrize(
    ("init", "forward", "code"),
    [
        pytest.param(
            "nn.Bilinear(8, 8, 8), nn.CosineSimilarity()", "x = [m(x, x) for m in self.ms]", "NF280", id="other kinds"
        ),
        pytest.param(
            "nn.Bilinear(8, 8, 8), Block()", "x = [m(x, x) for m in self.ms]", "NF280", id="a module that stays"
        ),
        pytest.param("nn.Linear(8, 8)", "x = F.relu(self.run(self.ms, x))", "NF214", id="handed on"),
        pytest.param("nn.Linear(8, 8)", "x = nn.Sequential(*self.ms)(x)", "NF214", id="starred"),
        pytest.param("nn.Linear(8, 8)", "for m in self.ms: x = m(x) + m.in_features", "NF229", id="asked for a size"),
        pytest.param(
            "nn.Linear(8, 8)", "x = [isinstance(m, nn.Linear) for m in self.ms]", "NF214", id="asked its kind"
        ),
        pytest.param("nn.Linear(8, 8)", "for m in self.ms: m.register_forward_hook(x)", "NF229", id="hooked"),
        pytest.param(
            "nn.Linear(8, 8)", "for m in self.ms: m = F.relu if x else m; x = m(x)", "NF214", id="bound again"
        ),
        pytest.param("nn.Linear(8, 8)", "x = self.ms.pop(0)(x)", "NF214", id="taken out"),
        pytest.param("nn.LSTM(8, 8)", "for m in self.ms: x = m(x)", "NF215", id="no function"),
    ],
)
def test_stays(to_function: Any, init: str, forward: str, code: str) -> None:
    conversion = to_function(net(f"self.ms = nn.ModuleList([{init}])", f"{forward}\nreturn x"))
    assert code in codes(conversion)
    assert "nn.Module()" not in conversion.text


def test_one_layer_in_two_places_stays(to_function: Any) -> None:
    text = net("self.ms = nn.ModuleList([nn.Linear(8, 8)] * n)", "for m in self.ms: x = m(x)\nreturn x")
    conversion = to_function(text)
    assert not conversion.changed
    assert codes(conversion) == ["NF221"]


def test_a_walk_over_layers_keeps_them(to_function: Any) -> None:
    init = """
self.ms = nn.ModuleList([nn.Linear(dim, dim) for _ in range(n)])
for m in self.modules():
    if isinstance(m, nn.Linear):
        nn.init.zeros_(m.weight)
"""
    conversion = to_function(net(init, "for m in self.ms: x = m(x)\nreturn x"))
    assert not conversion.changed
    assert codes(conversion) == ["NF212"]


def test_a_member_that_is_reached_from_outside_stays(to_function: Any) -> None:
    text = net("self.ms = nn.ModuleList([nn.Linear(8, 8)])", "for m in self.ms: x = m(x)\nreturn x")
    conversion = to_function(f"{text}\n\ndef use(net, x):\n    return net.ms[0](x)\n")
    assert codes(conversion) == ["NF209"]
