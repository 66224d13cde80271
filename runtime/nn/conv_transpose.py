"""Transposed convolutions: ConvTranspose1d/2d/3d. Under a stride the size is ambiguous: `output_size` decides."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from . import functional as F
from .conv import _ConvNd
from .tuples import _pair, _single, _triple

__all__ = ["ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"]


class _ConvTransposeNd(_ConvNd):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: tuple[int, ...],
        stride: tuple[int, ...],
        padding: tuple[int, ...],
        dilation: tuple[int, ...],
        transposed: bool,
        output_padding: tuple[int, ...],
        groups: int,
        bias: bool,
        padding_mode: str,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            transposed,
            output_padding,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )

    def _output_padding(
        self,
        input: Tensor,
        output_size: list[int] | None,
        stride: tuple[int, ...],
        padding: tuple[int, ...],
        kernel_size: tuple[int, ...],
        num_spatial_dims: int,
        dilation: tuple[int, ...] | None = None,
    ) -> Any:
        """What to add at the far side so that the output has `output_size`; ValueError if no padding does."""
        if output_size is None:
            return _single(self.output_padding)
        spatial = num_spatial_dims
        leading = 2 if input.dim() == spatial + 2 else 1
        if len(output_size) == leading + spatial:
            output_size = output_size[leading:]
        if len(output_size) != spatial:
            raise ValueError(
                f"ConvTranspose{spatial}D: for {input.dim()}D input, output_size must have {spatial} or "
                f"{leading + spatial} elements (got {len(output_size)})"
            )
        smallest = [
            (input.size(axis + leading) - 1) * stride[axis]
            - 2 * padding[axis]
            + (1 if dilation is None else dilation[axis]) * (kernel_size[axis] - 1)
            + 1
            for axis in range(spatial)
        ]
        largest = [low + stride[axis] - 1 for axis, low in enumerate(smallest)]
        for size, low, high in zip(output_size, smallest, largest, strict=True):
            if not low <= size <= high:
                raise ValueError(
                    f"requested an output size of {output_size}, but valid sizes range from {smallest} to {largest} "
                    f"(for an input of {input.size()[2:]})"
                )
        return [size - low for size, low in zip(output_size, smallest, strict=True)]

    def _transposed_forward(self, function: Any, spatial: int, input: Tensor, output_size: Any) -> Tensor:
        if self.padding_mode != "zeros":
            raise ValueError(f"Only `zeros` padding mode is supported for ConvTranspose{spatial}d")
        extra = self._output_padding(
            input, output_size, self.stride, self.padding, self.kernel_size, spatial, self.dilation
        )
        made: Tensor = function(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )
        return made


class ConvTranspose1d(_ConvTransposeNd):
    """(N, in_channels, L) → (N, out_channels, L_out)."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        sizes = _single(kernel_size), _single(stride), _single(padding), _single(dilation)
        extra = _single(output_padding)
        super().__init__(in_channels, out_channels, *sizes, True, extra, groups, bias, padding_mode, device, dtype)

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        return self._transposed_forward(F.conv_transpose1d, 1, input, output_size)


class ConvTranspose2d(_ConvTransposeNd):
    """(N, in_channels, H, W) → (N, out_channels, H_out, W_out)."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        sizes = _pair(kernel_size), _pair(stride), _pair(padding), _pair(dilation)
        extra = _pair(output_padding)
        super().__init__(in_channels, out_channels, *sizes, True, extra, groups, bias, padding_mode, device, dtype)

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        return self._transposed_forward(F.conv_transpose2d, 2, input, output_size)


class ConvTranspose3d(_ConvTransposeNd):
    """(N, in_channels, D, H, W) → (N, out_channels, D_out, H_out, W_out)."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        sizes = _triple(kernel_size), _triple(stride), _triple(padding), _triple(dilation)
        extra = _triple(output_padding)
        super().__init__(in_channels, out_channels, *sizes, True, extra, groups, bias, padding_mode, device, dtype)

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        return self._transposed_forward(F.conv_transpose3d, 3, input, output_size)
