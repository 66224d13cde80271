"""Modules of torch that stand for what is not there: they can be imported, answer no, and refuse by name when used."""

from __future__ import annotations

import pytest

import nnflip.runtime as runtime
from nnflip.runtime.missing import MissingUse


def test_files_that_import_them_can_be_imported() -> None:
    with runtime.install():
        import torch._dynamo
        import torch.accelerator
        import torch.multiprocessing as mp
        import torch.onnx
        import torch.utils._pytree as pytree
        from torch._dynamo.eval_frame import OptimizedModule
        from torch.autograd.profiler import record_function
        from torch.distributed import ReduceOp
        from torch.hub import load_state_dict_from_url
        from torch.nn.attention import SDPBackend, sdpa_kernel

        assert not torch.onnx.is_in_onnx_export()
        assert not torch.compiler.is_compiling()
        assert not isinstance(torch.nn.Linear(1, 1), OptimizedModule)
        assert not torch.accelerator.is_available()
        assert torch.accelerator.current_accelerator() is None
        assert torch.backends.cudnn.version() is None
        assert torch.cuda.memory_allocated() == 0
        assert ReduceOp.SUM is not ReduceOp.MAX
        assert mp.cpu_count() > 0
        assert torch._C._get_tracing_state() is None
        with record_function("part"), sdpa_kernel(SDPBackend.MATH), torch.backends.cudnn.flags(enabled=False):
            pass
        assert pytree.tree_map(lambda x: x + 1, {"a": [1, (2,)]}) == {"a": [2, (3,)]}
        with pytest.raises(MissingUse, match=r"torch\.hub\.load_state_dict_from_url is not in this runtime"):
            load_state_dict_from_url("https://example.org/weights.pth")


def test_decorators_change_nothing() -> None:
    def f() -> int:
        return 1

    assert runtime.compiler.disable(f) is f
    assert runtime.compiler.disable(recursive=False)(f) is f
    assert runtime.compiler.set_stance("force_eager")(f) is f


def test_autocast_says_no() -> None:
    assert not runtime.is_autocast_enabled()
    assert runtime.get_autocast_dtype("cuda") is runtime.float16
    assert runtime.get_autocast_dtype("cpu") is runtime.bfloat16


def test_one_process_cannot_reduce() -> None:
    with pytest.raises(ValueError, match="Default process group has not been initialized"):
        runtime.distributed.all_reduce(runtime.ones(2))
    with pytest.raises(MissingUse, match="init_process_group"):
        runtime.distributed.init_process_group("gloo")


def test_there_is_no_cuda() -> None:
    with pytest.raises(AssertionError, match="not compiled with CUDA"):
        runtime.cuda.Stream()
    assert not isinstance(runtime.ones(2), runtime.cuda.FloatTensor)


def test_pytree_takes_apart_and_puts_together() -> None:
    from nnflip.runtime.pytree import tree_flatten, tree_unflatten

    tree = {"a": (1, [2, 3]), "b": 4}
    leaves, spec = tree_flatten(tree)
    assert leaves == [1, 2, 3, 4]
    assert tree_unflatten(leaves, spec) == tree
    with pytest.raises(ValueError, match="has length 1"):
        tree_unflatten([1], spec)


def test_bfloat16_is_refused_with_the_place_that_asks_for_it() -> None:
    with pytest.raises(MissingUse, match=r"torch\.bfloat16.*test_small_modules\.py:\d+"):
        runtime.zeros(2, dtype=runtime.bfloat16)
