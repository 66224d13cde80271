"""Rows: resampling of grids."""

from __future__ import annotations

from .pair import Pair
from .spelling import OneWay, also

_TAKES = (
    "input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, "
    "antialias=False"
)
_ANTIALIAS = {"antialias": "nn.Upsample does not have it"}
_OLD = "torch calls it by F.interpolate, which is what nn.Upsample calls too"

PAIRS = (
    Pair(
        function="interpolate",
        takes=_TAKES,
        module="Upsample",
        built_by="size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None",
        function_only=_ANTIALIAS,
        spellings=(
            *also("F.upsample", "input, size=None, scale_factor=None, mode='nearest', align_corners=None"),
            *also("F.upsample_nearest", "input, size=None, scale_factor=None", mode="'nearest'"),
            *also(
                "F.upsample_bilinear", "input, size=None, scale_factor=None", mode="'bilinear'", align_corners="True"
            ),
        ),
        traps=("The module keeps scale_factor as a float.",),
    ),
    Pair(
        function="interpolate",
        takes=_TAKES,
        module="UpsamplingNearest2d",
        built_by="size=None, scale_factor=None",
        fixed={"mode": ("'nearest'",), "align_corners": ("None",), "recompute_scale_factor": ("None",)},
        function_only=_ANTIALIAS,
        ways="to_function",
        note=_OLD,
    ),
    Pair(
        function="interpolate",
        takes=_TAKES,
        module="UpsamplingBilinear2d",
        built_by="size=None, scale_factor=None",
        fixed={"mode": ("'bilinear'",), "align_corners": ("True",), "recompute_scale_factor": ("None",)},
        function_only=_ANTIALIAS,
        ways="to_function",
        note=_OLD,
    ),
)

ONE_WAY = (
    OneWay("grid_sample", "function", "there is no module of it", "keep the function"),
    OneWay("affine_grid", "function", "there is no module of it", "keep the function"),
)
