"""Hazards: a function per hazard, each reads a Scene and yields findings. `CHECKS` lists them."""

from __future__ import annotations

from ..diagnostics import Diagnostic
from ..source import Source
from .arguments import find_missing_arguments
from .building import find_eps_for_momentum, find_layers_built_in_forward
from .dataflow import find_dropped_values, find_early_flattening, find_ignored_results
from .inplace import find_broken_backward, find_overwritten_values, find_shared_inplace
from .language import find_hidden_train, find_identity_comparisons
from .mode import find_fixed_mode, find_ungated_attention
from .parameters import find_data_in_forward, find_idle_parameters, find_unfilled_parameters
from .registration import find_plain_containers
from .scene import Scene
from .weights import find_misshapen_weights

CHECKS = (
    find_fixed_mode,
    find_ungated_attention,
    find_missing_arguments,
    find_misshapen_weights,
    find_dropped_values,
    find_ignored_results,
    find_early_flattening,
    find_plain_containers,
    find_layers_built_in_forward,
    find_eps_for_momentum,
    find_shared_inplace,
    find_overwritten_values,
    find_broken_backward,
    find_data_in_forward,
    find_idle_parameters,
    find_unfilled_parameters,
    find_hidden_train,
    find_identity_comparisons,
)


def check(text: str, path: str = "<string>") -> tuple[Diagnostic, ...]:
    """Every hazard of a file, in order of place. Raises CannotRead where the text is not Python."""
    scene = Scene(Source(text, path))
    found = {finding for find in CHECKS for finding in find(scene)}
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.column, finding.code)))
