"""AdaptiveLogSoftmaxWithLoss: a softmax over very many classes, rare ones in clusters (Grave, 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..tensor import Tensor
from . import functional as F
from .container import Sequential
from .linear import Linear
from .module import Module
from .module_list import ModuleList

__all__ = ["AdaptiveLogSoftmaxWithLoss"]


class _ASMoutput(NamedTuple):
    output: Any
    loss: Any


class AdaptiveLogSoftmaxWithLoss(Module):
    """(N, in_features) and classes (N) → their log-probabilities (N) and the mean loss.

    `cutoffs` are the classes at which the clusters begin; every further cluster has div_value times fewer features.
    """

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        cutoffs = list(cutoffs)
        if len(cutoffs) == 0:
            raise ValueError("cutoffs should be a sequence of length larger than 0")
        rising = cutoffs == sorted(set(cutoffs)) and all(int(cut) == cut for cut in cutoffs)
        if not rising or min(cutoffs) <= 0 or max(cutoffs) > n_classes - 1:
            raise ValueError(
                "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each "
                "value is between 1 and n_classes-1"
            )
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = [*cutoffs, n_classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = self.cutoffs[0]
        self.n_clusters = len(self.cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        made: dict[str, Any] = {"device": device, "dtype": dtype}
        self.head = Linear(in_features, self.head_size, bias=head_bias, **made)
        self.tail = ModuleList()
        for cluster in range(self.n_clusters):
            inner = int(in_features // div_value ** (cluster + 1))
            outer = self.cutoffs[cluster + 1] - self.cutoffs[cluster]
            self.tail.append(
                Sequential(Linear(in_features, inner, bias=False, **made), Linear(inner, outer, bias=False, **made))
            )

    def reset_parameters(self) -> None:
        """The defaults of all Linear layers inside."""
        self.head.reset_parameters()
        for first, second in self.tail:
            first.reset_parameters()
            second.reset_parameters()

    def forward(self, input_: Tensor, target_: Tensor) -> _ASMoutput:
        input: Any = input_
        target: Any = target_
        self._check(input, target)
        batched = target.dim() > 0
        if not batched:
            input, target = input.unsqueeze(0), target.unsqueeze(0)
        if ((target < 0) | (target >= self.n_classes)).any():
            raise RuntimeError(
                f"Target values should be in [0, {self.n_classes - 1}], but values in range "
                f"[{target.min().item()}, {target.max().item()}] were found. "
            )
        chosen = self.log_prob(input).gather(1, target.unsqueeze(1)).squeeze(1)
        loss = (-chosen).mean()
        return _ASMoutput(chosen if batched else chosen.squeeze(0), loss)

    @staticmethod
    def _check(input: Any, target: Any) -> None:
        if target.dim() == 1:
            if input.size(0) != target.size(0):
                raise RuntimeError("Input and target should have the same size in the batch dimension.")
            if input.dim() != 2:
                raise RuntimeError(
                    f"1D target tensor expects 2D input tensors, but found inputs with size {input.size()}"
                )
        elif target.dim() == 0:
            if input.dim() != 1:
                raise RuntimeError(
                    f"0D target tensor expects 1D input tensors, but found inputs with size {input.size()}"
                )
        else:
            raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")

    def log_prob(self, input: Tensor) -> Any:
        """(N, in_features) → log-probabilities of all classes (N, n_classes)."""
        head: Any = F.log_softmax(self.head(input), dim=1)
        out = head.new_empty((head.size(0), self.n_classes))
        out[:, : self.shortlist_size] = head[:, : self.shortlist_size]
        for cluster, (start, stop) in enumerate(zip(self.cutoffs, self.cutoffs[1:], strict=False)):
            inside: Any = F.log_softmax(self.tail[cluster](input), dim=1)
            out[:, start:stop] = inside + head[:, self.shortlist_size + cluster].unsqueeze(1)
        return out

    def predict(self, input: Tensor) -> Any:
        """The most probable class of every row."""
        return self.log_prob(input).argmax(dim=1)
