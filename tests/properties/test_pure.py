"""Random models as functions of their parameters, there and back: real torch sees no difference.

`NNFLIP_DEEP=100` tries a hundred times as many as the few that every test run can spare.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, event, given, settings
from pure_referee import PureReferee
from referee import Referee
from steps import Sample, models

from nnflip.convert import Conversion, Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

EXAMPLES = 15 * int(os.environ.get("NNFLIP_DEEP", "1"))
CALM = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
deep = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=CALM)


def inputs_of(sample: Sample) -> list[object]:
    maker = torch.Generator().manual_seed(11)
    if sample.tokens:
        return [torch.randint(0, sample.tokens, sample.shape, generator=maker)]
    return [torch.randn(sample.shape, generator=maker)]


@deep
@given(models())
def test_functions_are_the_class_there_and_back(sample: Sample) -> None:
    there = convert_source(sample.text, Options(to="pure"))
    assert convert_source(there.text, Options(to="pure")).text == there.text, "a second conversion changes the text"
    if not there.changed:
        codes = sorted({one.code for one in there.all_kept})
        assert codes, "a class stays without a reason"
        event(f"stays: {codes[-1]}")
        return
    event("becomes functions")
    stays = "class Net(" in there.text  # with a property, say: then its functions stand below it
    for comment in sample.comments:
        assert there.text.count(comment) in ({1, 2} if stays else {1}), f"{comment} is lost or doubled"
    PureReferee(there, lambda: inputs_of(sample)).check(vmap=False)
    for to in ("functional", "module"):
        back = convert_source(there.text, Options(to=to, init="exact"))  # type: ignore[arg-type]
        if any(one.code == "NF285" for one in back.all_kept):
            event("is not read back")
            assert back.text == there.text
            continue
        Referee(Conversion(there.source, back.text, back.models), lambda: inputs_of(sample), same_start=True).check()
