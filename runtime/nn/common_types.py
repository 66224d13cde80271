"""torch.nn.common_types: the names under which models annotate sizes. Nothing is checked by them."""

from __future__ import annotations

from typing import Any, TypeAlias

_size_any_t: TypeAlias = Any
_size_1_t: TypeAlias = Any
_size_2_t: TypeAlias = Any
_size_3_t: TypeAlias = Any
_size_4_t: TypeAlias = Any
_size_5_t: TypeAlias = Any
_size_6_t: TypeAlias = Any
_size_any_opt_t: TypeAlias = Any
_size_2_opt_t: TypeAlias = Any
_size_3_opt_t: TypeAlias = Any
_ratio_2_t: TypeAlias = Any
_ratio_3_t: TypeAlias = Any
_ratio_any_t: TypeAlias = Any
_tensor_list_t: TypeAlias = Any
_maybe_indices_t: TypeAlias = Any
