"""`--expand rnn`: recurrent layers written out step by step, close in every number, the same in every draw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nnflip.convert import Conversion, Options, convert_source
from nnflip.convert.verify import Request, verify_texts

SAMPLES = Path(__file__).parents[3] / "samples" / "recurrent"
CASE = pytest.mark.parametrize("case", sorted(SAMPLES.iterdir()), ids=lambda case: case.name)

NET = """import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self{arguments}):
        super().__init__()
        self.rnn = nn.{layer}

    def forward(self, x, *state):
        {statement}
"""


def net(layer: str, statement: str = "return self.rnn(x)", arguments: str = "") -> str:
    return NET.format(layer=layer, statement=statement, arguments=arguments)


def expanded(text: str) -> Conversion:
    return convert_source(text, Options(to="functional", expand=frozenset({"rnn"})))


# -- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "statement", "code"),
    [
        pytest.param(
            "LSTM(4, 3, layers)",
            "return self.rnn.weight_ih_l1",
            "NF229",
            id="a tensor of a layer that may not be there",
        ),
        pytest.param(
            "LSTM(4, 3, bidirectional=both)", "return self.rnn(x)", "NF262", id="directions that are an argument"
        ),
        pytest.param("LSTM(4, next(layers))", "return self.rnn(x)", "NF224", id="a size that changes"),
        pytest.param("LSTM(4)", "return self.rnn(x)", "NF217", id="a size that is missing"),
        pytest.param("GRU(4, 3)", "return self.rnn(*state)", "NF217", id="starred arguments"),
        pytest.param("GRU(4, 3)", "return self.rnn.all_weights", "NF229", id="a list of the weights"),
        pytest.param("GRU(4, 3)", "return self.rnn.forward(x)", "NF229", id="forward by name"),
        pytest.param("GRU(4, 3)", "return [self.rnn]", "NF214", id="the layer as a value"),
        pytest.param("LSTM(4, layers, proj_size=1)", "self.rnn.hidden_size", "NF262", id="a size that no tensor tells"),
        pytest.param("GRU(4, 3)", "return [p for n, p in self.rnn.named_parameters()]", "NF213", id="names of weights"),
        pytest.param("GRU(4, 3)", "return nn.utils.rnn.pack_sequence([self.rnn(x)])", "NF262", id="packed sequences"),
        pytest.param("GRU(4, 3, 2, dropout=0.5)", "self.rnn.train()", "NF229", id="a mode of its own"),
    ],
)
def test_a_layer_that_is_not_certain_is_kept(layer: str, statement: str, code: str) -> None:
    text = net(layer, statement, ", layers=2, both=True")
    there = expanded(text)
    assert (there.text, [kept.code for kept in there.all_kept]) == (text, [code])


def test_a_file_that_autocasts_keeps_its_layers() -> None:
    text = "from torch import autocast\n" + net("LSTM(4, 3)")
    assert [kept.code for kept in expanded(text).all_kept] == ["NF262"]


def test_without_the_option_the_layer_is_kept_with_the_cure() -> None:
    (kept,) = convert_source(net("LSTM(4, 3)"), Options(to="functional")).all_kept
    assert kept.code == "NF215"
    assert "--expand rnn" in kept.cure


def test_a_name_that_a_local_would_hide_is_not_used() -> None:
    text = net("LSTM(4, 3)").replace("import torch\n", "import torch as h\n")
    assert [kept.code for kept in expanded(text).all_kept] == ["NF225"]


# -- conversions -----------------------------------------------------------------------------------------------------


def test_the_report_says_close_and_where_every_tensor_went() -> None:
    (model,) = expanded(net("LSTM(4, 3, bidirectional=True)")).models
    assert model.close
    assert (model.style_before, model.style_after) == ("module", "functional")
    keys = [f"{kind}_l0{end}" for end in ("", "_reverse") for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    assert {old: move.key for old, move in model.state_map.items()} == {f"rnn.{key}": f"rnn_{key}" for key in keys}


def test_sizes_and_tensors_that_are_read_follow() -> None:
    text = net("GRU(4, 3)", "return self.rnn.weight_ih_l0.sum() + self.rnn.hidden_size")
    assert "return self.rnn_weight_ih_l0.sum() + 3\n" in expanded(text).text


def test_sizes_that_are_arguments_are_read_off_the_tensors() -> None:
    told = "return self.rnn.hidden_size, self.rnn.input_size"
    there = expanded(net("GRU(size, 2 * size)", told, ", size=4"))
    assert "return self.rnn_weight_hh_l0.size(1), self.rnn_weight_ih_l0.size(1)\n" in there.text
    there = expanded(net("GRU(4, size, size)", told, ", size=4"))
    assert 'return self.rnn["weight_hh_l0"].size(1), 4\n' in there.text


def test_dropout_that_is_an_argument_is_kept_on_self() -> None:
    there = expanded(net("GRU(4, 3, 2, dropout=p)", arguments=", p=0.1"))
    assert "self.rnn_dropout = p\n" in there.text
    assert "x = F.dropout(x, self.rnn_dropout, self.training)\n" in there.text


def test_locals_that_are_made_take_no_name_that_is_used() -> None:
    there = expanded(net("GRU(size, bound, weight)", arguments=", size=4, bound=3, weight=2"))
    assert "size_1 = size if layer == 0 else bound\n" in there.text
    assert "bound_1 = 1 / math.sqrt(bound)\n        for weight_1 in self.rnn.values():\n" in there.text


def test_a_number_of_layers_that_is_an_argument_is_looped_over() -> None:
    text = net("LSTM(4, 3, layers)", "return self.rnn(x), self.rnn.num_layers", ", layers=2")
    there = expanded(text)
    assert "self.rnn = nn.ParameterDict()\n" in there.text
    assert "return self.run_rnn(x), self.rnn_num_layers\n" in there.text
    (model,) = there.models
    assert {old: move.key for old, move in model.state_map.items()} == {"rnn.*": "rnn.*"}


@CASE
def test_a_sample_is_written_out_as_it_shows(case: Path) -> None:
    assert expanded((case / "module.py").read_text()).text == (case / "steps.py").read_text()


@CASE
def test_expanding_twice_changes_nothing(case: Path) -> None:
    there = expanded((case / "steps.py").read_text())
    assert (there.changed, there.all_kept) == (False, ())


@CASE
def test_a_sample_is_equal(case: Path) -> None:
    there = expanded((case / "module.py").read_text())
    maps = {model.name: model.state_map for model in there.models}
    result = verify_texts(there.source, there.text, Request(close_ok=True), state_maps=maps)
    assert result.verdict == "equal", result


# -- torch as the referee --------------------------------------------------------------------------------------------

RUNS = [
    "4, 3",
    "4, 3, batch_first=True",
    "4, 3, bias=False",
    "4, 3, bidirectional=True",
    "4, 3, num_layers=2, dropout=0.5",
    "4, 3, num_layers=3, bidirectional=True, batch_first=True, dropout=0.3, bias=False",
    "4, 3, dtype=torch.float32, device='cpu'",
]
LAYERS = [f"{kind}({run})" for kind in ("RNN", "GRU", "LSTM") for run in RUNS]
LAYERS += ["LSTM(4, 3, 2, bias=len([]) > 0)", "GRU(4, 3, bias=len([]) == 0)"]
LAYERS += [
    "RNN(4, 3, 2, 'relu')",
    "LSTM(4, 5, proj_size=3)",
    "LSTM(4, 5, 2, bidirectional=True, proj_size=3, bias=False)",
]
CELLS = [
    "RNNCell(4, 3)",
    "RNNCell(4, 3, nonlinearity='relu')",
    "GRUCell(4, 3)",
    "LSTMCell(4, 3)",
    "LSTMCell(4, 3, bias=False)",
]


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:LSTM with projections")
@pytest.mark.parametrize("layer", [*LAYERS, *CELLS])
def test_written_out_is_close_under_torch(layer: str) -> None:
    """Batches and single sequences, with a state and without; the initial state and what dropout draws to the bit."""
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from referee import Referee, names_of

    module = names_of(net(layer))["Net"]().rnn
    plain = expanded(net(layer))
    handed = expanded(net(layer, "return self.rnn(x, state if len(state) > 1 else state[0])"))
    assert not plain.all_kept
    shapes: list[tuple[int, ...]] = [(4,), (2, 4)] if "Cell" in layer else [(5, 4), (5, 2, 4), (1, 2, 4)]
    for shape in shapes:
        before, after = module(torch.rand(shape)), names_of(plain.text)["Net"]()(torch.rand(shape))
        assert _strides(before) == _strides(after)
        states = _tensors(before if "Cell" in layer else before[1])
        Referee(plain, lambda shape=shape: [torch.randn(shape)], same_start=True, steps=2).check()
        inputs = lambda shape=shape, states=states: [torch.randn(shape), *map(torch.randn_like, states)]  # noqa: E731
        Referee(handed, inputs, same_start=True, steps=2).check()


MANY = ["LSTM(4, 3, layers)", "GRU(4, 3, layers, bidirectional=True, batch_first=True, dropout=0.3)"]
MANY += [
    "RNN(4, 3, layers, 'relu', bias=layers > 1)",
    "LSTM(4, 5, layers, proj_size=3, bidirectional=True, bias=False)",
]


@pytest.mark.torch
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("layer", MANY)
@pytest.mark.filterwarnings("ignore")
def test_layers_in_a_loop_are_close_under_torch(layer: str, layers: int) -> None:
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from referee import Referee, names_of

    plain = net(layer, arguments=", layers")
    handed = net(layer, "return self.rnn(x, state if len(state) > 1 else state[0])", ", layers")
    module = names_of(plain)["Net"](layers).rnn
    for shape in ((5, 4), (5, 2, 4)):
        states = _tensors(module(torch.rand(shape))[1])
        for text, given in ((plain, []), (handed, states)):
            conversion = expanded(text)
            assert not conversion.all_kept
            inputs = lambda shape=shape, given=given: [torch.randn(shape), *map(torch.randn_like, given)]  # noqa: E731
            Referee(conversion, inputs, same_start=True, arguments=(layers,), steps=2).check()


@pytest.mark.torch
def test_written_out_a_layer_can_be_transformed() -> None:
    """`--to pure` with it gives what torch.func takes: gradients per sample, several sets of weights at once."""
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from referee import names_of

    text = net("GRU(4, 3, bidirectional=True)", "return self.rnn(x)[0]").replace(", *state", "")
    there = convert_source(text, Options(to="pure", expand=frozenset({"rnn"})))
    assert there.close
    pure = names_of(there.text)
    torch.manual_seed(3)
    module = names_of(text)["Net"]()
    torch.manual_seed(3)
    params = pure["init_params"]()
    assert all(torch.equal(params[key], value) for key, value in module.state_dict().items())
    x = torch.randn(5, 2, 4)
    several = {key: torch.stack([value, 2 * value]) for key, value in params.items()}
    out = torch.func.vmap(lambda own: pure["forward"](own, {}, x, training=False))(several)
    torch.testing.assert_close(out[0], module(x))
    loss = lambda own, one: pure["forward"](own, {}, one, training=True).square().sum()  # noqa: E731
    found = torch.func.vmap(torch.func.grad(loss), (None, 1))(params, x)
    whole = torch.func.grad(loss)(params, x)
    torch.testing.assert_close({key: value.sum(0) for key, value in found.items()}, whole)


def _tensors(value: Any) -> list[Any]:
    return [each for part in value for each in _tensors(part)] if isinstance(value, tuple) else [value.detach()]


def _strides(value: Any) -> list[Any]:
    return [(each.shape, each.stride(), each.is_contiguous()) for each in _tensors(value)]
