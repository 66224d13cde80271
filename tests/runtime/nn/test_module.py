"""The protocol of nn.Module: the same scenarios on torch and on the runtime give the same events."""

# ruff: noqa: B023, PLW0108 - every lambda is called, and its outcome kept, before the scenario goes on

from __future__ import annotations

import copy
import pickle
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import pytest

SCENARIOS: list[Any] = []


def scenario(function: Any) -> Any:
    """Adds a function to what is run on both."""
    SCENARIOS.append(function)
    return function


@pytest.mark.torch
@pytest.mark.parametrize("story", SCENARIOS, ids=lambda story: story.__name__)
def test_behaves_as_in_torch(story: Any, torch: Any, runtime: Any, events: Any) -> None:
    expected = events(story, torch)
    actual = events(story, runtime)
    for place, (one, other) in enumerate(zip(actual, expected, strict=True)):
        assert one == other, f"event {place}"


def small(torch: Any) -> Any:
    """A module with every kind of member."""
    nn = torch.nn

    class Small(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Linear(2, 3)
            self.scale = nn.Parameter(torch.ones(3))
            self.register_buffer("count", torch.zeros(1))
            self.register_buffer("scratch", torch.ones(2), persistent=False)
            self.register_parameter("nothing", None)
            self.inner = nn.Sequential(nn.BatchNorm1d(3), nn.ReLU())

        def forward(self, x: Any, *, shift: float = 0.0) -> Any:
            return self.inner(self.first(x) * self.scale) + shift

    torch.manual_seed(0)
    return Small()


@scenario
def walks_in_order(torch: Any) -> Iterator[Any]:
    m = small(torch)
    yield [name for name, _ in m.named_parameters()]
    yield [name for name, _ in m.named_parameters(prefix="net", recurse=False)]
    yield [name for name, _ in m.named_buffers()]
    yield [name for name, _ in m.named_modules()]
    yield [name for name, _ in m.named_children()]
    yield [type(one).__name__ for one in m.modules()]
    m.again = m.first
    m.tied = m.first.weight
    yield [name for name, _ in m.named_parameters()]
    yield [name for name, _ in m.named_parameters(remove_duplicate=False)]
    yield [name for name, _ in m.named_modules(remove_duplicate=False)]
    yield len(list(m.children())), len(list(m.parameters())), len(list(m.buffers(recurse=False)))
    yield list(m.state_dict())
    yield [name for name in dir(m) if name in ("first", "scale", "count", "nothing", "forward", "inner")]
    yield repr(m)


@scenario
def refuses_before_init(torch: Any) -> Iterator[Any]:
    nn = torch.nn
    for value in (nn.Parameter(torch.ones(1)), nn.Linear(1, 1), nn.Buffer(torch.ones(1))):
        broken = nn.Module.__new__(nn.Module)
        yield lambda: setattr(broken, "x", value)
    broken = nn.Module.__new__(nn.Module)
    yield lambda: broken.register_buffer("x", torch.ones(1))
    yield lambda: broken.register_parameter("x", nn.Parameter(torch.ones(1)))
    broken.plain = 3
    yield broken.plain
    yield lambda: broken.missing
    yield lambda: nn.Module(1)
    yield lambda: nn.Module(a=1)
    yield lambda: nn.Module()(1)


@scenario
def checks_what_is_registered(torch: Any) -> Iterator[Any]:
    nn = torch.nn
    m = nn.Module()
    m.plain = 1
    tensor, param = torch.ones(2), nn.Parameter(torch.ones(2))
    for name in (3, "a.b", "", "plain", "forward"):
        yield lambda: m.register_buffer(name, tensor)
        yield lambda: m.register_parameter(name, param)
        yield lambda: m.add_module(name, nn.ReLU())
    yield lambda: m.register_buffer("b", 3)
    yield lambda: m.register_buffer("b", param)
    yield lambda: m.register_parameter("p", tensor)
    yield lambda: m.register_parameter("p", 3)
    yield lambda: m.add_module("m", tensor)
    yield lambda: m.register_module("m", None)
    grown = torch.ones(2, requires_grad=True) * 2
    leaf = nn.Parameter(torch.ones(2))
    yield lambda: m.register_parameter("q", leaf)
    yield lambda: m.register_parameter("r", grown)
    yield m._buffers, m._parameters, list(m._modules)
    yield lambda: m.register_buffer("q", tensor)
    yield lambda: m.register_parameter("b", param)
    yield lambda: m.register_buffer("b", None)
    yield m.b is None


@scenario
def moves_a_name_between_its_homes(torch: Any) -> Iterator[Any]:
    nn = torch.nn
    m = nn.Module()
    homes = lambda: (sorted(m._parameters), sorted(m._buffers), sorted(m._modules), "x" in m.__dict__)  # noqa: E731
    m.x = 5
    m.x = nn.Parameter(torch.ones(1))
    yield homes()
    yield lambda: setattr(m, "x", torch.ones(1))
    yield lambda: setattr(m, "x", 3)
    m.x = None
    yield homes(), m.x
    yield lambda: setattr(m, "x", nn.ReLU())
    del m.x
    m.x = nn.Linear(1, 1)
    yield homes()
    yield lambda: setattr(m, "x", torch.ones(1))
    m.x = None
    yield homes(), m.x
    del m.x
    m.x = nn.Buffer(torch.ones(1), persistent=False)
    yield homes(), list(m._non_persistent_buffers_set)
    m.x = torch.zeros(2)
    yield m.x, list(m._non_persistent_buffers_set)
    yield lambda: setattr(m, "x", 3)
    m.x = nn.Buffer(torch.ones(3))
    yield homes(), list(m._non_persistent_buffers_set)
    m.x = nn.Parameter(torch.ones(1))
    yield homes()
    del m.x
    yield homes()
    yield lambda: m.x
    yield lambda: delattr(m, "x")
    m.y = nn.ReLU()
    m.y = nn.Parameter(torch.ones(1))
    yield homes(), sorted(m._parameters)
    m.register_buffer("z", torch.ones(1), persistent=False)
    del m.z
    yield list(m._non_persistent_buffers_set)
    m.w = torch.ones(2)
    yield homes(), "w" in m.__dict__


@scenario
def finds_by_path(torch: Any) -> Iterator[Any]:
    m = small(torch)
    for path in ("", "inner.0", "inner.1", "missing", "inner.7.x", "scale", "first.weight.x"):
        yield lambda: type(m.get_submodule(path)).__name__
    for path in ("scale", "first.bias", "nothing", "count", "first", "a.b", "inner.0.nope"):
        yield lambda: m.get_parameter(path)
        yield lambda: m.get_buffer(path)
    yield lambda: m.get_buffer("inner.0.running_mean")
    yield lambda: m.set_submodule("inner.1", torch.nn.Tanh())
    yield lambda: m.set_submodule("", torch.nn.Tanh())
    yield lambda: m.set_submodule("inner.9", torch.nn.Tanh(), strict=True)
    yield lambda: m.set_submodule("new", torch.nn.Tanh())
    yield lambda: m.set_submodule("scale", torch.nn.Tanh())
    yield repr(m)


@scenario
def writes_its_state(torch: Any) -> Iterator[Any]:
    m = small(torch)
    state = m.state_dict()
    yield type(state), list(state), state._metadata
    yield [value.requires_grad for value in state.values()]
    yield [value.requires_grad for value in m.state_dict(keep_vars=True).values()]
    yield list(m.state_dict(prefix="net."))
    yield lambda: list(m.state_dict(OrderedDict(), "p."))
    into: Any = OrderedDict(a=1)
    m.first.state_dict(destination=into, prefix="f.")
    yield list(into)
    state["scale"].fill_(7)
    yield m.scale


@scenario
def reads_its_state(torch: Any) -> Iterator[Any]:
    m, other = small(torch), small(torch)
    with torch.no_grad():
        other.scale.fill_(5)
        other.inner[0].running_mean.fill_(2)
    before = m.scale
    yield lambda: m.load_state_dict(other.state_dict())
    yield m.scale, m.scale is before, m.inner[0].running_mean
    state = other.state_dict()
    del state["first.bias"], state["count"]
    state["stray"] = torch.ones(1)
    state["inner.5.x"] = torch.ones(1)
    state["scale"] = torch.ones(4)
    state["first.weight"] = 3
    yield lambda: m.load_state_dict(state)
    yield lambda: m.load_state_dict(state, strict=False)
    del state["scale"], state["first.weight"]
    yield lambda: m.load_state_dict(state, strict=False)
    yield lambda: m.load_state_dict(3)
    given = {key: value.clone() for key, value in other.state_dict().items()}
    yield lambda: m.load_state_dict(given, assign=True)
    yield m.scale.data_ptr() == given["scale"].data_ptr(), m.scale, m.count is given["count"]
    yield lambda: torch.nn.BatchNorm1d(2).load_state_dict(
        {"weight": torch.ones(2), "bias": torch.ones(2), "running_mean": torch.ones(2), "running_var": torch.ones(2)}
    )
    scalar = torch.nn.Module()
    scalar.s = torch.nn.Parameter(torch.tensor(1.0))
    yield lambda: scalar.load_state_dict({"s": torch.tensor([4.0])}), scalar.s


@scenario
def keeps_extra_state(torch: Any) -> Iterator[Any]:
    class Extra(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.extra = {"step": 1}

        def get_extra_state(self) -> Any:
            return self.extra

        def set_extra_state(self, state: Any) -> None:
            self.extra = state

    m = torch.nn.Sequential(Extra())
    yield m.state_dict()
    yield lambda: m.load_state_dict({"0._extra_state": {"step": 2}})
    yield m[0].extra
    yield lambda: m.load_state_dict({})
    yield lambda: torch.nn.Sequential(torch.nn.ReLU()).load_state_dict({"0._extra_state": 1})
    yield lambda: torch.nn.ReLU().get_extra_state()


@scenario
def calls_state_hooks(torch: Any) -> Iterator[Any]:
    m, seen = small(torch), []
    m.register_state_dict_pre_hook(lambda mod, prefix, keep: seen.append(("pre", prefix, keep)))
    m.first.register_state_dict_post_hook(lambda mod, sd, prefix, meta: seen.append(("post", prefix, list(sd), meta)))
    m._register_state_dict_hook(lambda mod, sd, prefix, meta: OrderedDict(only=sd["scale"]))
    yield list(m.state_dict())
    yield seen
    n = small(torch)
    n.register_load_state_dict_pre_hook(lambda mod, sd, prefix, *rest: sd.update(scale=torch.zeros(3)))
    n._register_load_state_dict_pre_hook(lambda sd, prefix, *rest: seen.append(prefix))
    n.register_load_state_dict_post_hook(lambda mod, keys: keys.missing_keys.clear())
    state = small(torch).state_dict()
    del state["count"]
    yield lambda: n.load_state_dict(state)
    yield n.scale, seen[-1]
    n.register_load_state_dict_post_hook(lambda mod, keys: keys)
    yield lambda: n.load_state_dict(state)
    bad = small(torch)
    bad.register_state_dict_post_hook(lambda mod, sd, prefix, meta: sd)
    yield lambda: bad.state_dict()


@scenario
def calls_forward_hooks(torch: Any) -> Iterator[Any]:
    m, seen = torch.nn.ReLU(), []
    x = torch.tensor([-1.0, 2.0])
    first = m.register_forward_pre_hook(lambda mod, args: seen.append(("pre", args)))
    m.register_forward_pre_hook(lambda mod, args: args[0] + 1)
    m.register_forward_hook(lambda mod, args, out: seen.append(("post", args, out)))
    m.register_forward_hook(lambda mod, args, out: seen.append(("early",)), prepend=True)
    last = m.register_forward_hook(lambda mod, args, out: out * 10)
    yield m(x), seen
    first.remove()
    last.remove()
    seen.clear()
    yield m(x), seen
    with m.register_forward_hook(lambda mod, args, out: out - 1):
        yield m(x)
    yield m(x), len(m._forward_hooks)
    n = small(torch).eval()
    n.register_forward_pre_hook(lambda mod, args, kwargs: (args, {"shift": 1.0}), with_kwargs=True)
    n.register_forward_hook(lambda mod, args, kwargs, out: (out.sum().item() > 0, kwargs), with_kwargs=True)
    yield n(torch.ones(2, 2))
    n.register_forward_pre_hook(lambda mod, args, kwargs: 3, with_kwargs=True)
    yield lambda: n(torch.ones(2, 2))
    broken = torch.nn.Module()
    broken.register_forward_hook(lambda mod, args, out: seen.append(("always", out)), always_call=True)
    yield lambda: broken(1)
    yield seen[-1]


@scenario
def calls_backward_hooks(torch: Any) -> Iterator[Any]:
    nn = torch.nn

    class Two(nn.Module):
        def forward(self, a: Any, b: Any = None) -> Any:
            return a * 2, None if b is None else b * 3

    seen: list[Any] = []
    m = Two()
    m.register_full_backward_hook(lambda mod, gi, go: seen.append(("bw", gi, go)))
    m.register_full_backward_pre_hook(lambda mod, go: seen.append(("pre", go)))
    a, b = torch.ones(2, requires_grad=True), torch.ones(2)
    m(a, b)[0].sum().backward()
    yield seen
    seen.clear()
    out = m(a, b.requires_grad_())
    (out[0].sum() + out[1].sum()).backward()
    yield seen, a.grad, b.grad
    m(torch.ones(2))
    n = nn.Linear(2, 1)
    with torch.no_grad():
        n.weight.fill_(1)
        n.bias.fill_(0)
    n.register_full_backward_hook(lambda mod, gi, go: (gi[0] * 10,))
    n.register_full_backward_pre_hook(lambda mod, go: (go[0] * 3,))
    x = torch.ones(1, 2, requires_grad=True)
    n(x).sum().backward()
    yield x.grad, n.weight.grad
    late = nn.Linear(2, 1)
    late.register_full_backward_hook(lambda mod, gi, go: seen.append((gi, go)))
    seen.clear()
    yield lambda: late(torch.ones(1, 2)).sum().backward()
    yield seen
    wrong = nn.ReLU()
    wrong.register_full_backward_hook(lambda mod, gi, go: (gi[0], gi[0]))
    yield lambda: wrong(x).sum().backward()
    odd = nn.Identity()
    odd.register_full_backward_hook(lambda mod, gi, go: None)
    yield lambda: type(odd({"a": x})).__name__
    with torch.no_grad():
        yield m(a)[0].requires_grad


@scenario
def changes_mode_and_dtype(torch: Any) -> Iterator[Any]:
    m = small(torch)
    yield m.training, m.eval().training, m.inner[0].training, m.train() is m, m.inner[1].training
    yield lambda: m.train(1)
    yield lambda: m.double() is m
    yield {key: str(value.dtype) for key, value in m.state_dict().items()}
    before = m.scale
    m.float()
    yield m.scale is before, str(before.dtype)
    yield (
        str(m.to(torch.float64).scale.dtype),
        str(m.to("cpu").scale.dtype),
        str(m.to("cpu", torch.float32).scale.dtype),
    )
    yield str(m.to(torch.ones(1, dtype=torch.float64)).scale.dtype), str(m.inner[0].num_batches_tracked.dtype)
    yield lambda: m.to(torch.int32)
    yield lambda: m.cuda()
    yield str(m.type(torch.float32).scale.dtype), m.share_memory() is m, m.cpu() is m
    yield [p.requires_grad for p in m.requires_grad_(False).parameters()]
    m.requires_grad_()
    m(torch.ones(2, 2)).sum().backward()
    m.zero_grad(set_to_none=False)
    yield [p.grad for p in m.parameters()]
    m.zero_grad()
    yield [p.grad for p in m.parameters()]
    seen: list[str] = []
    yield m.apply(lambda one: seen.append(type(one).__name__)) is m, seen


@scenario
def copies_and_pickles(torch: Any) -> Iterator[Any]:
    m = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    m.tied = m[0].weight
    for twin in (copy.deepcopy(m), pickle.loads(pickle.dumps(m))):
        yield list(twin.state_dict()) == list(m.state_dict()), repr(twin) == repr(m)
        yield twin.tied is twin[0].weight, twin[0].weight is m[0].weight, type(twin.tied).__name__
        yield torch.equal(twin[0].weight, m[0].weight), twin[0].weight.requires_grad
        yield twin(torch.ones(2, 2)).shape == m(torch.ones(2, 2)).shape
    shallow = copy.copy(m)
    yield shallow[0] is m[0]
    param = torch.nn.Parameter(torch.ones(2), requires_grad=False)
    param.note = "kept"
    yield (
        pickle.loads(pickle.dumps(param)).note,
        copy.deepcopy(param).requires_grad,
        hasattr(copy.deepcopy(param), "note"),
    )


@scenario
def overrides_are_heard(torch: Any) -> Iterator[Any]:
    class Renamed(torch.nn.Linear):
        _version = 3

        def _load_from_state_dict(self, sd: Any, prefix: str, meta: Any, *rest: Any) -> None:
            if prefix + "w" in sd:
                sd[prefix + "weight"] = sd.pop(prefix + "w")
            self.seen = dict(meta)
            super()._load_from_state_dict(sd, prefix, meta, *rest)

        def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
            super()._save_to_state_dict(destination, prefix, keep_vars)
            destination[prefix + "w"] = destination.pop(prefix + "weight")

    m = torch.nn.Sequential(Renamed(2, 1))
    state = m.state_dict()
    yield list(state), state._metadata
    yield lambda: m.load_state_dict(state)
    yield m[0].seen, list(state)


@scenario
def prints_as_torch(torch: Any) -> Iterator[Any]:
    nn = torch.nn

    class Lines(nn.Module):
        def extra_repr(self) -> str:
            return "one\ntwo"

    yield repr(nn.Module()), repr(Lines()), repr(nn.Sequential(Lines(), nn.Sequential(nn.ReLU())))
    m = nn.Module()
    m.gone = None
    m.register_module("empty", None)
    yield repr(m), m._get_name(), m.extra_repr()
    yield repr(nn.Parameter(torch.ones(2))), repr(nn.Parameter(torch.ones(2), requires_grad=False))
    yield list(vars(nn.Linear(1, 1)))
    yield nn.Parameter().shape, lambda: nn.Parameter(torch.ones(2, dtype=torch.int64))
    yield (
        isinstance(nn.Buffer(torch.ones(1)), nn.Buffer),
        isinstance(torch.ones(1), nn.Buffer),
        nn.Buffer(torch.ones(1)),
    )
