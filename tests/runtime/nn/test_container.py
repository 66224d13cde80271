"""Containers: the same scenarios on torch and on the runtime give the same events."""

# ruff: noqa: B023, PLW0108, RUF005 - sums of containers are what is tested; every lambda is called, and its outcome kept, before the scenario goes on

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import pytest


def sequential(torch: Any) -> Iterator[Any]:
    nn = torch.nn
    m = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Tanh())
    yield len(m), repr(m[0]), repr(m[-1]), repr(m[1:]), [type(one) for one in m]
    for index in (3, -4, "a", 1.0):
        yield lambda: m[index]
    m[1] = nn.Sigmoid()
    yield repr(m)
    del m[0]
    yield list(m.state_dict()), [name for name, _ in m.named_children()]
    yield repr(m + nn.Sequential(nn.ReLU())), repr(m * 2), repr(2 * m)
    m += nn.Sequential(nn.ReLU())
    m *= 2
    yield repr(m), repr(m.pop(0)), repr(m.pop(-1)), repr(m.append(nn.ELU()))
    yield repr(m.insert(0, nn.ReLU())), repr(m.insert(-1, nn.Tanh())), repr(m.extend([nn.ReLU()]))
    yield lambda: m.insert(99, nn.ReLU())
    yield lambda: m.insert(0, 3)
    yield lambda: m.append(3)
    yield lambda: m + [nn.ReLU()]
    yield lambda: m * 0
    yield lambda: m * 1.5
    del m[1:3]
    yield repr(m), [name for name, _ in m.named_children()]
    yield lambda: m.extend(3)
    named = nn.Sequential(OrderedDict(a=nn.Linear(1, 1), b=nn.ReLU()))
    yield repr(named), repr(named.a), repr(named[0]), list(named.state_dict()), "a" in dir(named), "0" in dir(m)
    yield repr(named[:1]), repr(nn.Sequential()), nn.Sequential()(torch.ones(1))
    yield lambda: nn.Sequential(3)
    yield lambda: nn.Sequential([nn.ReLU()])
    yield named(torch.zeros(1, 1)).shape


def module_list(torch: Any) -> Iterator[Any]:
    nn = torch.nn
    m = nn.ModuleList([nn.Linear(1, 1), nn.Linear(1, 1)])
    yield repr(m), len(m), repr(m[0]), repr(m[-1]), repr(m[:1]), list(m.state_dict())
    for index in (2, -3, "a"):
        yield lambda: m[index]
    yield repr(m.append(nn.ReLU())), repr(m.extend([nn.ReLU(), nn.Tanh()])), repr(m + [nn.ELU()])
    m += [nn.SiLU()]
    m.insert(0, nn.Mish())
    yield repr(m), repr(m.pop(1)), repr(m)
    m.insert(99, nn.GELU())
    yield repr(m)
    m[0] = nn.Sigmoid()
    del m[1]
    del m[1:3]
    yield repr(m), [name for name, _ in m.named_children()]
    for bad in (3, nn.ReLU(), [3]):
        yield lambda: m.extend(bad)
    yield lambda: m(torch.ones(1))
    yield lambda: m.append(3)
    yield repr(nn.ModuleList()), "0" in dir(m), m[0] in m
    yield lambda: m.insert(-1, nn.Mish())
    yield repr(nn.ModuleList(nn.Sequential(nn.ReLU(), nn.ReLU()) for _ in range(3)))


def module_dict(torch: Any) -> Iterator[Any]:
    nn = torch.nn
    m = nn.ModuleDict({"b": nn.ReLU(), "a": nn.Linear(1, 1)})
    yield repr(m), len(m), list(m), list(m.keys()), [type(v) for v in m.values()], [k for k, _ in m.items()], "a" in m
    m["c"] = nn.Tanh()
    m.update([("d", nn.ReLU()), ("a", nn.ELU())])
    m.update(nn.ModuleDict({"e": nn.ReLU()}))
    yield repr(m), repr(m.pop("b")), list(m)
    del m["c"]
    for key in ("zz", "keys", 3):
        yield lambda: m[key]
        yield lambda: m.__setitem__(key, nn.ReLU())
    for bad in (3, [3], [("a",)], [("a", 3)]):
        yield lambda: m.update(bad)
    m.clear()
    yield repr(m), len(m)
    yield lambda: m(1)


def parameter_list(torch: Any) -> Iterator[Any]:
    nn = torch.nn
    m = nn.ParameterList([torch.ones(2), nn.Parameter(torch.ones(2, 3)), 3, "x"])
    yield repr(m), len(m), m[0], m[-1], list(m.state_dict()), [type(one) for one in m]
    yield repr(m[1:3]), repr(m.append(torch.ones(1))), repr(m.extend([torch.zeros(1)]))
    m += [torch.ones(4)]
    m[0] = torch.zeros(2)
    yield repr(m), m[0], [name for name, _ in m.named_parameters()]
    for index in (99, -99, "a"):
        yield lambda: m[index]
    for bad in (3, torch.ones(2)):
        yield lambda: m.extend(bad)
    yield lambda: m(1)
    yield repr(nn.ParameterList()), repr(nn.ParameterList([torch.ones(())])), "0" in dir(m)
    yield lambda: m.pop()


def parameter_dict(torch: Any) -> Iterator[Any]:
    nn = torch.nn
    m = nn.ParameterDict({"b": torch.ones(2), "a": nn.Parameter(torch.ones(2, 3)), "c": 3})
    yield repr(m), len(m), list(m), list(m.keys()), list(m.items()), list(m.values()), "a" in m, list(reversed(m))
    m["d"] = torch.ones(1)
    m.update([("e", torch.ones(1)), ("a", torch.zeros(1))])
    yield (
        list(m.state_dict()),
        m["a"],
        m.get("zz"),
        m.get("zz", 3),
        m.setdefault("f", torch.ones(1)),
        m.setdefault("c", 4),
    )
    yield m.pop("b"), m.popitem(), list(m), repr(m.copy()), repr(m.fromkeys(["x", "y"], torch.ones(1)))
    other = nn.ParameterDict({"z": torch.ones(1)})
    yield repr(m | other), repr(other | m)
    m |= other
    del m["c"]
    yield repr(m)
    for key in ("zz", 3):
        yield lambda: m[key]
    for bad in (3, [3], [("a",)]):
        yield lambda: nn.ParameterDict(bad)
    m.clear()
    yield repr(m)
    yield lambda: m.__setitem__(3, torch.ones(1))
    yield lambda: m(1)


def container(torch: Any) -> Iterator[Any]:
    yield lambda: repr(torch.nn.Container(a=torch.nn.ReLU()))


@pytest.mark.torch
@pytest.mark.parametrize(
    "story", [sequential, module_list, module_dict, parameter_list, parameter_dict, container], ids=lambda s: s.__name__
)
def test_behaves_as_in_torch(story: Any, torch: Any, runtime: Any, events: Any) -> None:
    expected = events(story, torch)
    actual = events(story, runtime)
    for place, (one, other) in enumerate(zip(actual, expected, strict=True)):
        assert one == other, f"event {place}"
