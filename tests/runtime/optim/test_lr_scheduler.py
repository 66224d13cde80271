"""Schedules give torch's rates and momenta for 20 epochs, and torch's state."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

CASES = [
    "StepLR(o, 3, gamma=0.5)",
    "MultiStepLR(o, [2, 5, 5, 9], gamma=0.5)",
    "ConstantLR(o, 0.25, total_iters=4)",
    "LinearLR(o, 0.25, 0.9, total_iters=6)",
    "ExponentialLR(o, 0.9)",
    "PolynomialLR(o, total_iters=7, power=2.0)",
    "CosineAnnealingLR(o, 5, eta_min=0.001)",
    "CosineAnnealingWarmRestarts(o, 3, 2, eta_min=0.001)",
    "LambdaLR(o, lambda e: 0.95 ** e)",
    "LambdaLR(o, [lambda e: 0.95 ** e, lambda e: 1 / (e + 1)])",
    "MultiplicativeLR(o, lambda e: 0.9 + 0.01 * e)",
    "CyclicLR(o, 0.01, 0.1, step_size_up=3, step_size_down=4)",
    "CyclicLR(o, 0.01, 0.1, step_size_up=3, mode='triangular2')",
    "CyclicLR(o, [0.01, 0.02], [0.1, 0.3], step_size_up=3, mode='exp_range', gamma=0.9)",
    "CyclicLR(o, 0.01, 0.1, step_size_up=3, scale_fn=lambda x: 1 / x, cycle_momentum=False)",
    "OneCycleLR(o, 0.5, total_steps=20)",
    "OneCycleLR(o, [0.5, 0.7], epochs=4, steps_per_epoch=5, anneal_strategy='linear', three_phase=True)",
    "SequentialLR(o, [s.LinearLR(o, 0.1, total_iters=4), s.ExponentialLR(o, 0.9)], [4])",
    "SequentialLR(o, [s.ConstantLR(o), s.CosineAnnealingLR(o, 5), s.StepLR(o, 2)], [3, 9])",
    "ChainedScheduler([s.ConstantLR(o, 0.1, total_iters=2), s.ExponentialLR(o, 0.9)])",
    "ReduceLROnPlateau(o, patience=1)",
    "ReduceLROnPlateau(o, 'max', factor=0.5, patience=2, threshold_mode='abs', cooldown=2, min_lr=0.01)",
    "ReduceLROnPlateau(o, 'min', patience=0, threshold_mode='abs', min_lr=[0.01, 0.02])",
]


def scheduled(library: Any, text: str, optimizer: str) -> Any:
    """(rates and momenta after every epoch, the schedule's state)."""
    first, second = (library.nn.Parameter(library.ones(2)) for _ in range(2))
    options = {"momentum": 0.9} if optimizer == "SGD" else {}
    o = getattr(library.optim, optimizer)([{"params": [first], "lr": 0.1}, {"params": [second]}], lr=0.3, **options)
    schedule = eval(f"s.{text}", {"s": library.optim.lr_scheduler, "o": o})
    seen = []
    for epoch in range(19):
        seen.append([(g["lr"], g.get("momentum"), g.get("betas")) for g in o.param_groups])
        o.step()
        schedule.step(*([abs(10 - epoch) / 3] if "Plateau" in text else []))
        assert schedule.get_last_lr() == [g["lr"] for g in o.param_groups]
    state = {k: v for k, v in schedule.state_dict().items() if k not in ("_scale_fn_ref", "_schedulers")}
    return seen, state


def close(actual: Any, expected: Any) -> bool:
    """Equal, floats nearly."""
    if isinstance(expected, (list, tuple)):
        return len(actual) == len(expected) and all(close(a, e) for a, e in zip(actual, expected, strict=True))
    return actual == pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else actual == expected


@pytest.mark.torch
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("text", CASES)
def test_rates_are_torchs(torch: Any, runtime: Any, text: str, optimizer: str) -> None:
    (expected, state), (actual, mine) = (scheduled(library, text, optimizer) for library in (torch, runtime))
    assert close(actual, expected)
    assert set(mine) == set(state)


@pytest.mark.torch
@pytest.mark.parametrize(
    "text",
    [
        "StepLR(1, 3)",
        "ConstantLR(o, 2.0)",
        "LinearLR(o, 0.0)",
        "LinearLR(o, 0.5, 2.0)",
        "CosineAnnealingWarmRestarts(o, 0)",
        "LambdaLR(o, [])",
        "CyclicLR(o, 0.1, [1, 2, 3])",
        "CyclicLR(o, 0.1, 0.2, mode='?')",
        "OneCycleLR(o, 0.1)",
        "OneCycleLR(o, 0.1, total_steps=0)",
        "OneCycleLR(o, 0.1, total_steps=5, pct_start=2.0)",
        "SequentialLR(o, [], [])",
        "SequentialLR(o, [s.StepLR(o, 2)], [1])",
        "ChainedScheduler([s.ReduceLROnPlateau(o)])",
        "ReduceLROnPlateau(o, factor=1.0)",
        "ReduceLROnPlateau(o, mode='?')",
        "StepLR(o, 2, last_epoch=3)",
    ],
)
def test_what_torch_refuses_is_refused(torch: Any, runtime: Any, text: str) -> None:
    raised = []
    for library in (torch, runtime):
        o = library.optim.SGD([library.nn.Parameter(library.ones(2))], lr=0.3, momentum=0.9)
        with pytest.raises((TypeError, ValueError, KeyError)) as caught:
            eval(f"s.{text}", {"s": library.optim.lr_scheduler, "o": o})
        raised.append(type(caught.value))
    assert raised[0] is raised[1]


@pytest.mark.torch
def test_stepping_in_the_wrong_order_warns(torch: Any, runtime: Any) -> None:
    seen = []
    for library in (torch, runtime):
        o = library.optim.SGD([library.nn.Parameter(library.ones(2))], lr=0.3)
        schedule = library.optim.lr_scheduler.StepLR(o, 2)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            schedule.step()
            schedule.get_lr()
        seen.append([(one.category, str(one.message)) for one in caught])
    assert seen[0] == seen[1]


@pytest.mark.parametrize("text", ["StepLR(o, 3)", "ChainedScheduler([s.StepLR(o, 3), s.ExponentialLR(o, 0.9)])"])
def test_state_goes_on_where_it_stopped(runtime: Any, text: str) -> None:
    rates = []
    for stop in (None, 4):
        o = runtime.optim.SGD([runtime.nn.Parameter(runtime.ones(2))], lr=0.3)
        scope = {"s": runtime.optim.lr_scheduler, "o": o}
        schedule = eval(f"s.{text}", scope)
        for epoch in range(8):
            if epoch == stop:
                state, saved = schedule.state_dict(), o.state_dict()
                schedule = eval(f"s.{text}", scope)
                o.load_state_dict(saved)
                schedule.load_state_dict(state)
            o.step()
            schedule.step()
        rates.append(o.param_groups[0]["lr"])
    assert rates[0] == rates[1]
