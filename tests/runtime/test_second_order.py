"""Gradients of gradients: what torch gives, or an error that names the operation."""

from __future__ import annotations

import numpy as np
import pytest

import nnflip.runtime as runtime

DRAWN = np.random.RandomState(0)
A, B, M = DRAWN.rand(3, 4) + 0.2, DRAWN.rand(3, 4) + 0.3, DRAWN.rand(4, 5)
IMAGES, WEIGHTS, BATCH = DRAWN.randn(2, 4, 6, 6), DRAWN.randn(4, 2, 3, 3), DRAWN.randn(4, 3, 5)

PLACES = [[0, 1, 1, 2], [0, 0, 1, 2], [0, 1, 1, 2]]

CASES = {
    "mul": (lambda L, x, y: x * y, A, B),
    "div": (lambda L, x, y: x / y, A, B),
    "pow": (lambda L, x, y: x**y, A, B),
    "chain": (lambda L, x: (x.exp() * x.log() + x.sqrt() * x.rsqrt().sin()).tan(), A),
    "abs": (lambda L, x: (x - 0.6).abs() * x, A),
    "erf": (lambda L, x: x.erf(), A),
    "matmul": (lambda L, x, y: x @ y, A, M),
    "matrix times vector": (lambda L, x, y: x @ y, A, M[:, 0]),
    "batched matmul": (lambda L, x, y: x @ y.transpose(1, 2), BATCH, BATCH + 1),
    "linear": (lambda L, x, w, b: L.nn.functional.linear(x, w, b), A, M.T, M[0]),
    "einsum": (lambda L, x, y: L.einsum("ij,jk->ik", x, y), A, M),
    "sum and mean": (lambda L, x: (x * x).sum(1) * (x * x).mean(0, keepdim=True)[0, :3], A),
    "var": (lambda L, x: x.var(1) + x.std(1), A),
    "logsumexp": (lambda L, x: x.logsumexp(1), A),
    "norm": (lambda L, x: x.norm(2, dim=1), A),
    "cumsum": (lambda L, x: (x * x).cumsum(1), A),
    "where": (lambda L, x, y: L.where(x > y, x * x, y * y * y), A, B),
    "clamp": (lambda L, x: x.clamp(0.4, 0.8) ** 2, A),
    "slice": (lambda L, x: (x * x)[:, 1:3], A),
    "cat": (lambda L, x, y: L.cat([x * x, y * y * y]), A, B),
    "reshape": (lambda L, x: (x * x).reshape(2, 6).t(), A),
    "split": (lambda L, x: L.mul(*(x * x).chunk(2, 1)), A),
    "gather": (lambda L, x: (x * x).gather(1, L.tensor([[0, 1], [1, 2], [3, 3]])), A),
    "softmax": (lambda L, x: L.softmax(x * x, 1) * L.log_softmax(x * x, 1), A),
    "prelu": (lambda L, x, w: L.nn.functional.prelu(x * x - 0.5, w), A, M[:, 0]),
    "mse_loss": (lambda L, x, y: L.nn.functional.mse_loss(x, y), A, B),
    "bce": (lambda L, x, y: L.nn.functional.binary_cross_entropy_with_logits(x, y), A, B),
    "conv2d": (
        lambda L, x, w, b: L.nn.functional.conv2d(x, w, b, stride=2, padding=1, groups=2),
        IMAGES,
        WEIGHTS,
        M[:, 0],
    ),
    "depthwise": (lambda L, x, w: L.nn.functional.conv2d(x, w, padding=1, groups=4), IMAGES, WEIGHTS[:, :1]),
    "conv_transpose2d": (
        lambda L, x, w: L.nn.functional.conv_transpose2d(x, w, stride=2, padding=1, groups=2),
        IMAGES,
        WEIGHTS,
    ),
    "avg_pool2d": (lambda L, x: L.nn.functional.avg_pool2d(x * x, 2), IMAGES),
    "pad": (lambda L, x: L.nn.functional.pad(x * x, (1, 1, 1, 1), mode="reflect"), IMAGES),
    "embedding": (lambda L, w: L.nn.functional.embedding(L.tensor([0, 2, 2]), w) ** 2, A),
    "interpolate": (lambda L, x: L.nn.functional.interpolate(x * x, scale_factor=2, mode="bilinear"), IMAGES),
    "layer_norm": (lambda L, x, w, b: L.nn.functional.layer_norm(x, (4,), w, b), A, M[:, 0], M[:, 1]),
    "batch_norm": (
        lambda L, x, w, b: L.nn.functional.batch_norm(x, None, None, w, b, True),
        IMAGES,
        M[:, 0],
        M[:, 1],
    ),
    "instance_norm": (lambda L, x: L.nn.functional.instance_norm(x), IMAGES),
    "cross_entropy": (lambda L, x: L.nn.functional.cross_entropy(x, L.tensor([0, 3, 1]), label_smoothing=0.1), A),
    "weighted cross_entropy": (
        lambda L, x: L.nn.functional.cross_entropy(x * x, L.tensor([0, -100, 1]), L.tensor(B[0]), reduction="sum"),
        A,
    ),
    "max over a dim": (lambda L, x: (x * x).max(1).values + (x * x).min(1).values, A),
    "amax": (lambda L, x: (x * x).amax(1) * (x * x).max(), A),
    "sort": (lambda L, x: (x * x).sort(1).values * (x * x).topk(4, 1).values, A),
    "prod": (lambda L, x: x.prod(1) + x.prod(), A),
    "cumprod": (lambda L, x: (x * x).cumprod(1), A),
    "glu": (lambda L, x: L.nn.functional.glu(x * x, 1), A),
    "max_pool2d": (lambda L, x: L.nn.functional.max_pool2d(x * x, 3, 2, 1), IMAGES),
    "adaptive_max_pool2d": (lambda L, x: L.nn.functional.adaptive_max_pool2d(x * x, 2), IMAGES),
    "local_response_norm": (lambda L, x: L.nn.functional.local_response_norm(x, 2, 0.5), IMAGES),
    "attention": (lambda L, x, y: L.nn.functional.scaled_dot_product_attention(x, y, x * y), BATCH, BATCH + 1),
    "masked attention": (
        lambda L, x: L.nn.functional.scaled_dot_product_attention(x, x, x, is_causal=True),
        BATCH,
    ),
    "inverse": (lambda L, x: L.linalg.inv(x[:, :3] + 2 * L.eye(3, dtype=x.dtype)), A),
    "cholesky": (lambda L, x: L.linalg.cholesky(x @ x.t() + L.eye(3, dtype=x.dtype)), A),
    "lgamma": (lambda L, x: x.lgamma() * x.digamma(), A),
    "scatter": (lambda L, x: (x * x).scatter(1, L.tensor([[0], [2], [1]]), (x * x * x)[:, :1]), A),
    "scatter_add": (lambda L, x: (x * x).scatter_add(1, L.tensor([[0], [2], [1]]), (x * x * x)[:, :1]), A),
    "masked_select": (lambda L, x: (x * x).masked_select(x > 0.6), A),
    "in place": (lambda L, x: (x * x).mul_(x).add_(x.exp()).sigmoid_(), A),
    "in place on a part": (lambda L, x: changed_in_part(x * x, x), A),
    "a number": (lambda L, x: x.exp() * x.tanh() * L.nn.functional.softplus(x) / x.sqrt(), np.array(0.7)),
    "a number with a tensor": (lambda L, x, y: L.atan2(x, y.exp()) * x**y, A, np.array(0.7)),
    **{
        f"scatter_reduce by {how}": (lambda L, x, y, how=how: x.scatter_reduce(0, L.tensor(PLACES), y * y, how), A, B)
        for how in ("sum", "mean", "prod", "amax")
    },
    "pinv of a symmetric matrix": (lambda L, x: L.linalg.pinv(x @ x.T, hermitian=True), A),
    "unfold": (lambda L, x: L.nn.functional.unfold(x * x, 2), IMAGES),
}


def changed_in_part(x, y):
    x[:, 1:3] *= y[:, :2]
    x[0] = y[0].exp()
    return x


ACTIVATIONS = ["relu", "leaky_relu", "elu", "selu", "celu", "silu", "mish", "softplus", "sigmoid", "tanh", "hardtanh"]
ACTIVATIONS += ["hardswish", "softsign", "logsigmoid"]


def second(library, function, values):
    """The gradients of a sum of squared gradients."""
    leaves = [library.tensor(value, requires_grad=True) for value in values]
    made = function(library, *leaves)
    weights = library.tensor(np.linspace(0.5, 1.5, made.numel())).reshape(tuple(made.shape))
    first = library.autograd.grad((made * weights).sum(), leaves, create_graph=True)
    total = sum((one * one * (place + 1)).sum() for place, one in enumerate(first))
    found = library.autograd.grad(total, leaves, allow_unused=True)
    return [np.zeros(value.shape) if one is None else one.numpy() for one, value in zip(found, values, strict=True)]


@pytest.mark.torch
@pytest.mark.parametrize("name", CASES)
def test_second_gradients_are_those_of_torch(torch, name):
    function, *values = CASES[name]
    for ours, theirs in zip(second(runtime, function, values), second(torch, function, values), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.torch
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_second_gradients_of_activations(torch, name):
    def function(library, x):
        return getattr(library.nn.functional, name)(x * x - 0.3)

    for ours, theirs in zip(second(runtime, function, [A]), second(torch, function, [A]), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def test_a_gradient_penalty_reaches_the_weights():
    critic = runtime.nn.Sequential(runtime.nn.Conv2d(1, 3, 3), runtime.nn.LeakyReLU(0.2), runtime.nn.Flatten(), runtime.nn.Linear(48, 1))  # fmt: skip # noqa: E501
    x = runtime.randn(2, 1, 6, 6, requires_grad=True)
    (slope,) = runtime.autograd.grad(critic(x).sum(), x, create_graph=True)
    ((slope.flatten(1).norm(2, dim=1) - 1) ** 2).mean().backward()
    assert all(one.grad is not None for name, one in critic.named_parameters() if "weight" in name)


class Cube:
    """x³ by a Function, in either library."""

    def __new__(cls, library):
        class Cubed(library.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x**3

            @staticmethod
            def backward(ctx, g):
                (x,) = ctx.saved_tensors
                return g * 3 * x * x

        return Cubed.apply


@pytest.mark.torch
def test_second_gradients_of_a_function(torch):
    def function(library, x):
        return Cube(library)(x.exp())

    np.testing.assert_allclose(second(runtime, function, [A])[0], second(torch, function, [A])[0], rtol=1e-12)


def test_a_function_that_is_differentiable_once_refuses_more():
    class Once(runtime.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @runtime.autograd.once_differentiable
        def backward(ctx, g):
            return 2 * g * ctx.saved_tensors[0]

    x = runtime.ones(2, requires_grad=True)
    (slope,) = runtime.autograd.grad(Once.apply(x).sum() * x.sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="marked with @once_differentiable"):
        slope.sum().backward()


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_second_gradients_of_recurrent_layers(torch, kind):
    found = []
    for library in (runtime, torch):
        library.manual_seed(0)
        layer = getattr(library.nn, kind)(5, 3, num_layers=2, bidirectional=True).double()
        x = library.tensor(BATCH, requires_grad=True)
        (slope,) = library.autograd.grad(layer(x)[0].pow(2).sum(), x, create_graph=True)
        slope.pow(2).sum().backward()
        found.append([x.grad.numpy(), *(one.grad.numpy() for one in layer.parameters())])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.torch
def test_the_penalty_of_a_critic_with_norms_is_that_of_torch(torch):
    found = []
    for library in (runtime, torch):
        library.manual_seed(0)
        nn = library.nn
        critic = nn.Sequential(
            nn.Conv2d(4, 6, 3, 2, 1),
            nn.InstanceNorm2d(6, affine=True),
            nn.LeakyReLU(0.2),
            nn.Dropout(0.3),
            nn.Flatten(),
            nn.Linear(54, 1),
        ).double()
        x = library.tensor(IMAGES, requires_grad=True)
        (slope,) = library.autograd.grad(critic(x).sum(), x, create_graph=True)
        ((slope.flatten(1).norm(2, dim=1) - 1) ** 2).mean().backward()
        found.append([0 if one.grad is None else one.grad.numpy() for one in critic.parameters()])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-10)


def test_noise_is_not_drawn_again():
    x = runtime.ones(64, requires_grad=True)
    y = runtime.nn.functional.dropout(x, 0.5)
    (slope,) = runtime.autograd.grad(y.sum(), x, create_graph=True)
    assert slope.tolist() == y.tolist()


def test_third_gradients():
    x = runtime.tensor([2.0], dtype=runtime.float64, requires_grad=True)
    y = x**5
    for expected in (80.0, 160.0, 240.0):
        (y,) = runtime.autograd.grad(y.sum(), x, create_graph=True)
        assert y.item() == pytest.approx(expected)


def test_backward_with_create_graph_leaves_gradients_that_have_a_history():
    x = runtime.ones(2, requires_grad=True)
    (x**3).sum().backward(create_graph=True)
    (again,) = runtime.autograd.grad(x.grad.sum(), x)
    assert again.tolist() == [6, 6]
