"""Distributions: draws, densities, moments, divergences and errors as torch has them."""

from __future__ import annotations

import numpy as np
import pytest

import nnflip.runtime as runtime

MADE = {
    "Normal": lambda L: L.distributions.Normal(L.tensor([0.5, -1.0]), L.tensor([1.0, 2.0])),
    "Normal of numbers": lambda L: L.distributions.Normal(0.0, 1.0),
    "LogNormal": lambda L: L.distributions.LogNormal(L.tensor([0.5, -1.0]), 0.5),
    "Laplace": lambda L: L.distributions.Laplace(L.tensor([0.5, -1.0]), L.tensor([1.0, 2.0])),
    "Gumbel": lambda L: L.distributions.Gumbel(L.tensor([0.5, -1.0]), L.tensor([1.0, 2.0])),
    "Gamma": lambda L: L.distributions.Gamma(L.tensor([0.5, 1.0, 7.0]), L.tensor([1.0, 2.0, 0.1])),
    "Chi2": lambda L: L.distributions.Chi2(L.tensor([0.5, 3.0])),
    "Beta": lambda L: L.distributions.Beta(L.tensor([0.5, 1.0, 7.0]), L.tensor([1.0, 2.0, 0.1])),
    "Beta of numbers": lambda L: L.distributions.Beta(0.8, 0.8),
    "Dirichlet": lambda L: L.distributions.Dirichlet(L.tensor([[0.5, 1.0, 7.0], [0.1, 0.2, 0.3]])),
    "Uniform": lambda L: L.distributions.Uniform(L.tensor([0.5, -1.0]), L.tensor([1.0, 2.0])),
    "Exponential": lambda L: L.distributions.Exponential(L.tensor([0.5, 2.0])),
    "Bernoulli": lambda L: L.distributions.Bernoulli(L.tensor([0.2, 0.9])),
    "Bernoulli of logits": lambda L: L.distributions.Bernoulli(logits=L.tensor([0.2, -0.9])),
    "Categorical": lambda L: L.distributions.Categorical(L.tensor([[0.2, 0.3, 0.9], [1.0, 2.0, 3.0]])),
    "Categorical of logits": lambda L: L.distributions.Categorical(logits=L.tensor([0.2, -0.3, 0.9])),
    "OneHotCategorical": lambda L: L.distributions.OneHotCategorical(L.tensor([0.2, 0.3, 0.5])),
    "Independent": lambda L: L.distributions.Independent(
        L.distributions.Normal(L.zeros(3, 2), L.tensor([1.0, 2.0])), 1
    ),
}

NO_DIVERGENCE = ("LogNormal", "Gumbel", "Gamma", "Chi2", "Beta", "Dirichlet")


def facts(library, name):
    """All that can be asked, as arrays."""
    library.manual_seed(3)
    one = MADE[name](library)
    value = one.sample((4,))
    found = {"sample": value, "log_prob": one.log_prob(value), "entropy": one.entropy()}
    if one.has_rsample:
        found["rsample"] = one.rsample()
    found |= {"mean": one.mean, "variance": one.variance, "stddev": one.stddev}
    return {key: value.detach().numpy() for key, value in found.items()}, repr(one)


@pytest.mark.torch
@pytest.mark.parametrize("name", MADE)
def test_everything_is_as_in_torch(torch, name):
    (ours, shown), (theirs, expected) = facts(runtime, name), facts(torch, name)
    assert shown == expected
    for key, value in theirs.items():
        np.testing.assert_allclose(ours[key], value, rtol=2e-6, atol=1e-6, err_msg=key)


@pytest.mark.torch
@pytest.mark.parametrize("name", [one for one in MADE if one.split()[0] not in NO_DIVERGENCE])
def test_divergences_are_those_of_torch(torch, name):
    found = []
    for library in (runtime, torch):
        p, q = MADE[name](library), MADE[name](library)
        if name in ("Normal", "Laplace"):
            q = type(q)(q.loc + 1, q.scale * 2)
        found.append(library.distributions.kl_divergence(p, q).numpy())
    np.testing.assert_allclose(*found, rtol=1e-6, atol=1e-7)


@pytest.mark.torch
def test_gradients_go_through_draws_and_densities(torch):
    found = []
    for library in (runtime, torch):
        library.manual_seed(0)
        loc = library.tensor([0.5, -1.0], requires_grad=True)
        scale = library.tensor([1.0, 2.0], requires_grad=True)
        normal = library.distributions.Normal(loc, scale)
        (normal.rsample((3,)).sum() + normal.log_prob(library.tensor([0.1, 0.2])).sum()).backward()
        found.append([loc.grad.numpy(), scale.grad.numpy()])
    np.testing.assert_allclose(*found, rtol=1e-5)


@pytest.mark.torch
def test_wrong_parameters_and_values_are_refused_as_in_torch(torch):
    def said(library, what):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - compared below
            what(library.distributions, library)
        return str(caught.value)

    for what in (
        lambda d, L: d.Normal(L.tensor([0.0]), L.tensor([-1.0])),
        lambda d, L: d.Uniform(L.tensor([2.0]), L.tensor([1.0])),
        lambda d, L: d.Bernoulli(L.tensor([0.5])).log_prob(L.tensor([0.5])),
        lambda d, L: d.Categorical(L.tensor([0.5, 0.5])).log_prob(L.tensor(3)),
        lambda d, L: d.Bernoulli(),
        lambda d, L: d.Normal(L.zeros(2), L.ones(2)).log_prob(L.zeros(3)),
    ):
        assert said(runtime, what) == said(torch, what)


def test_a_draw_that_would_need_a_gradient_is_refused_by_name():
    alpha = runtime.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(NotImplementedError, match=r"torch\.distributions\.Gamma\.rsample with a gradient"):
        runtime.distributions.Gamma(alpha, 1.0).rsample()
    assert not runtime.distributions.Beta(alpha, 1.0).sample().requires_grad
