"""The graph: accumulation, hooks, errors, grad modes, Function; messages and numbers as torch has them."""

from __future__ import annotations

import numpy as np
import pytest

import nnflip.runtime as runtime
from nnflip.runtime import autograd
from nnflip.runtime.array import Answer, Array
from nnflip.runtime.autograd import op
from nnflip.runtime.gradcheck import gradcheck


class TestErrors:
    """Refusals, in torch's words."""

    def test_a_root_without_graph(self):
        with pytest.raises(
            RuntimeError, match="element 0 of tensors does not require grad and does not have a grad_fn"
        ):
            runtime.ones(2).sum().backward()

    def test_a_root_that_is_no_scalar(self):
        with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar outputs"):
            runtime.ones(2, requires_grad=True).backward()

    def test_a_gradient_of_another_shape(self):
        with pytest.raises(RuntimeError, match=r"grad_output\[0\] has a shape of torch.Size\(\[2\]\)"):
            runtime.ones(3, requires_grad=True).mul(2).backward(runtime.ones(2))

    def test_a_second_backward_through_saved_values(self):
        loss = runtime.ones(2, requires_grad=True).sigmoid().sum()
        loss.backward()
        with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
            loss.backward()

    def test_a_second_backward_where_nothing_was_saved_adds(self):
        x = runtime.ones(2, requires_grad=True)
        loss = (x + 2).sum()
        loss.backward()
        loss.backward()
        assert x.grad.tolist() == [2, 2]

    def test_a_saved_tensor_changed_in_place(self):
        y = runtime.ones(2, requires_grad=True).sigmoid()
        y += 1
        with pytest.raises(
            RuntimeError, match=r"modified by an inplace operation.*is at version 1; expected version 0"
        ):
            y.sum().backward()

    def test_an_unused_input(self):
        x, y = runtime.ones(2, requires_grad=True), runtime.ones(2, requires_grad=True)
        with pytest.raises(RuntimeError, match="The differentiated Tensor at index 1 appears to not have been used"):
            autograd.grad((x * 2).sum(), [x, y])

    def test_create_graph_names_the_limit(self):
        x, grid = runtime.ones(1, 1, 3, 3, requires_grad=True), runtime.zeros(1, 2, 2, 2, requires_grad=True)
        made = runtime.nn.functional.grid_sample(x, grid, align_corners=False)
        with pytest.raises(RuntimeError, match="create_graph=True is not supported for GridSampler"):
            autograd.grad(made.sum(), grid, create_graph=True)

    def test_requires_grad_of_integers_and_of_results(self):
        with pytest.raises(RuntimeError, match="only Tensors of floating point dtype can require gradients"):
            runtime.ones(2, dtype=runtime.int64).requires_grad_()
        with pytest.raises(RuntimeError, match="you can only change requires_grad flags of leaf variables"):
            runtime.ones(2, requires_grad=True).mul(2).requires_grad_(False)

    def test_hooks_where_there_is_no_gradient(self):
        with pytest.raises(RuntimeError, match="cannot register a hook on a tensor that doesn't require gradient"):
            runtime.ones(2).register_hook(print)
        with pytest.raises(RuntimeError, match="can't retain_grad on Tensor that has requires_grad=False"):
            runtime.ones(2).retain_grad()


class TestGradients:
    """What backward and grad give."""

    def test_leaves_accumulate_into_the_same_memory(self):
        x = runtime.ones(2, requires_grad=True)
        (x * 2).sum().backward()
        first = x.grad
        (x * 3).sum().backward()
        assert x.grad is first
        assert first.tolist() == [5, 5]

    def test_two_leaves_never_share_a_gradient(self):
        x, y = runtime.ones(2, requires_grad=True), runtime.ones(2, requires_grad=True)
        (x + y).sum().backward()
        x.grad.zero_()
        assert y.grad.tolist() == [1, 1]

    def test_broadcasting_is_undone_and_dtypes_are_those_of_the_inputs(self):
        x = runtime.ones(3, 1, requires_grad=True)
        y = runtime.ones(1, 4, dtype=runtime.float64, requires_grad=True)
        (x * y).sum().backward()
        assert (x.grad.shape, x.grad.dtype) == ((3, 1), runtime.float32)
        assert (y.grad.shape, y.grad.dtype) == ((1, 4), runtime.float64)

    def test_grad_touches_no_leaf(self):
        x = runtime.ones(2, requires_grad=True)
        y = x * 3
        (of_y, of_x) = autograd.grad((y * y).sum(), (y, x))
        assert (of_y.tolist(), of_x.tolist(), x.grad) == ([6, 6], [18, 18], None)

    def test_unused_inputs_are_none_or_zeros(self):
        x, y = runtime.ones(2, requires_grad=True), runtime.ones(2, requires_grad=True)
        assert autograd.grad(x.sum(), [x, y], allow_unused=True)[1] is None
        assert autograd.grad(x.sum(), [x, y], materialize_grads=True)[1].tolist() == [0, 0]

    def test_backward_into_given_inputs_only(self):
        x, y = runtime.ones(2, requires_grad=True), runtime.ones(2, requires_grad=True)
        (x * y).sum().backward(inputs=[y])
        assert x.grad is None
        assert y.grad.tolist() == [1, 1]

    def test_ten_thousand_steps_need_no_stack(self):
        x = runtime.ones(1, requires_grad=True)
        y = x
        for _ in range(10_000):
            y = y + 1
        y.backward()
        assert x.grad.tolist() == [1]

    def test_several_outputs_and_those_that_were_not_used(self):
        @op
        def parts(x: Array) -> tuple[tuple[Array, Array], object]:
            return (x * 2, x * 3), lambda g: g[0] * 2 + g[1] * 3

        x = runtime.ones(2, requires_grad=True)
        parts(x)[1].sum().backward()
        assert x.grad.tolist() == [3, 3]

    def test_only_needed_rules_run(self):
        def refuse(g):
            raise AssertionError("not needed")

        @op
        def times(x: Array, y: Array) -> Answer:
            return x * y, (lambda g: g * y, refuse)

        x = runtime.ones(2, requires_grad=True)
        times(x, runtime.ones(2)).sum().backward()
        assert x.grad.tolist() == [1, 1]

    def test_a_rule_count_that_is_wrong_is_named(self):
        @op
        def wrong(x: Array, y: Array) -> Answer:
            return x * y, lambda g: g

        with pytest.raises(RuntimeError, match="WrongBackward0 returned an incorrect number of gradients"):
            wrong(runtime.ones(2, requires_grad=True), runtime.ones(2)).sum().backward()

    def test_gradcheck_finds_a_wrong_pullback(self):
        @op
        def doubled(x: Array) -> Answer:
            return x * 2, lambda g: g * 3

        with pytest.raises(AssertionError, match="the pullback says"):
            gradcheck(doubled, np.ones(3))
        gradcheck(lambda x, y: (x * y).tanh(), np.ones((2, 3)), np.full(3, 0.5))


class TestHooks:
    """Hooks, retained gradients, handles."""

    def test_hooks_change_what_flows_on_and_what_is_kept(self):
        x = runtime.ones(2, requires_grad=True)
        y = x * 2
        y.retain_grad()
        handle = y.register_hook(lambda g: g * 10)
        seen = []
        x.register_hook(lambda g: seen.append(g.tolist()))
        y.sum().backward(retain_graph=True)
        assert (x.grad.tolist(), y.grad.tolist(), seen) == ([20, 20], [10, 10], [[20, 20]])
        handle.remove()
        y.sum().backward()
        assert x.grad.tolist() == [22, 22]

    def test_hooks_after_accumulation_get_the_leaf(self):
        x = runtime.ones(2, requires_grad=True)
        seen = []
        x.register_post_accumulate_grad_hook(lambda leaf: seen.append((leaf is x, leaf.grad.tolist())))
        (x * 2).sum().backward()
        assert seen == [(True, [2, 2])]


class TestModes:
    """no_grad and its relatives, as context managers and decorators."""

    def test_nothing_is_recorded_inside(self):
        x = runtime.ones(2, requires_grad=True)
        with runtime.no_grad():
            assert not (x * 2).requires_grad
            with runtime.enable_grad():
                assert (x * 2).requires_grad
        with runtime.inference_mode():
            assert not (x * 2).requires_grad
        with runtime.set_grad_enabled(False):
            assert not runtime.is_grad_enabled()
        assert runtime.is_grad_enabled()

    def test_set_grad_enabled_works_at_once(self):
        runtime.set_grad_enabled(False)
        try:
            assert not runtime.is_grad_enabled()
        finally:
            runtime.set_grad_enabled(True)

    @pytest.mark.parametrize("mode", [runtime.no_grad(), runtime.no_grad, runtime.inference_mode()])
    def test_decorators(self, mode):
        @mode
        def enabled():
            return runtime.is_grad_enabled()

        @mode
        def steps():
            while (yield runtime.is_grad_enabled()) != "stop":
                pass

        assert not enabled()
        generator = steps()
        assert next(generator) is False
        assert runtime.is_grad_enabled()
        assert generator.send("on") is False
        with pytest.raises(StopIteration):
            generator.send("stop")
        assert runtime.is_grad_enabled()


class TestFunction:
    """torch.autograd.Function."""

    def test_forward_backward_and_what_is_needed(self):
        class Scaled(autograd.Function):
            @staticmethod
            def forward(ctx, x, y, factor):
                ctx.save_for_backward(x, y)
                ctx.factor = factor
                return x * y * factor

            @staticmethod
            def backward(ctx, g):
                _, y = ctx.saved_tensors
                assert ctx.needs_input_grad == (True, False, False)
                return g * y * ctx.factor, None, None

        x = runtime.ones(2, requires_grad=True)
        z = Scaled.apply(x, runtime.full((2,), 3.0), 2)
        assert type(z.grad_fn).__name__ == "FunctionNode"
        assert z.grad_fn.name() == "ScaledBackward"
        z.sum().backward()
        assert x.grad.tolist() == [6, 6]
        with pytest.raises(RuntimeError, match="a second time"):
            z.sum().backward()

    def test_straight_through_outputs_and_the_setup_form(self):
        class Rounded(autograd.Function):
            @staticmethod
            def forward(x):
                return x.round(), x > 0

            @staticmethod
            def setup_context(ctx, inputs, output):
                ctx.mark_non_differentiable(output[1])

            @staticmethod
            def backward(ctx, g, _):
                return g

        x = runtime.tensor([0.4, 1.6], requires_grad=True)
        y, positive = Rounded.apply(x)
        assert not positive.requires_grad
        (y * 2).sum().backward()
        assert x.grad.tolist() == [2, 2]

    def test_a_function_without_backward(self):
        class OneWay(autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return x * 2

        with pytest.raises(NotImplementedError, match="You must implement either the backward or vjp method"):
            OneWay.apply(runtime.ones(2, requires_grad=True)).sum().backward()
