"""Adam and AdamW (https://arxiv.org/abs/1412.6980, https://arxiv.org/abs/1711.05101)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from .optimizer import Group
from .rule import Rule, State, blend, blend_square, checked, count, decayed, number, zeros


def check_betas(lr: Any, betas: Any, eps: float, weight_decay: float) -> None:
    """What Adam and its kin ask of their options; ValueError for others."""
    checked(
        (number(lr) >= 0, f"Invalid learning rate: {lr}"),
        (eps >= 0, f"Invalid epsilon value: {eps}"),
        (0 <= number(betas[0]) < 1, f"Invalid beta parameter at index 0: {betas[0]}"),
        (0 <= number(betas[1]) < 1, f"Invalid beta parameter at index 1: {betas[1]}"),
        (weight_decay >= 0, f"Invalid weight_decay value: {weight_decay}"),
    )


class Adam(Rule):
    """x −= lr · m̂ / (√v̂ + eps): running averages m of g and v of g², corrected for starting at zero."""

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        betas: Any = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        check_betas(lr, betas, eps, weight_decay)
        super().__init__(
            params,
            {
                "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad,
                "maximize": maximize, "foreach": foreach, "capturable": capturable, "differentiable": differentiable,
                "fused": fused, "decoupled_weight_decay": decoupled_weight_decay,
            },
        )  # fmt: skip

    def start(self, x: Array, group: Group) -> State:
        """Both averages; with amsgrad the largest second one too."""
        state: State = {"step": count(), "exp_avg": zeros(x), "exp_avg_sq": zeros(x)}
        return state | {"max_exp_avg_sq": zeros(x)} if group["amsgrad"] else state

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """One step."""
        g = decayed(x, g, group, group["decoupled_weight_decay"])
        beta1, beta2 = (number(beta) for beta in group["betas"])
        step = state["step"].array.item()
        mean, square = state["exp_avg"].array, state["exp_avg_sq"].array
        blend(mean, g, 1 - beta1)
        blend_square(square, g, beta2)
        if group["amsgrad"]:
            square = np.maximum(state["max_exp_avg_sq"].array, square, out=state["max_exp_avg_sq"].array)
        denominator = np.sqrt(square) / (1 - beta2**step) ** 0.5 + group["eps"]
        x -= number(group["lr"]) / (1 - beta1**step) * mean / denominator


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameter itself: x ·= 1 − lr · weight_decay."""

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        betas: Any = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, foreach=foreach, capturable=capturable,
            differentiable=differentiable, fused=fused, decoupled_weight_decay=True,
        )  # fmt: skip
