"""Names that torch's own modules answer to: which attributes a layer has for certain, and which it cannot have."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache, cached_property

from ..ops import by_module
from ..ops.recurrent import RECURRENT
from ..source import Source

MODULE_MEMBERS = frozenset(
    """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
    eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict
    modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook
    register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
    """.split()  # noqa: SIM905
)
"""What nn.Module itself calls something: an attribute of that name would hide it."""

RESETS = "reset_parameters"
ASKED = frozenset({"weight", "bias"})
"""Attributes that a layer has if, and only if, its row has a slot of that name."""

_MORE = frozenset(
    """
    all_weights append batch_first bidirectional check_forward_args check_hidden_size check_input clear dropout extend
    flatten_parameters freeze from_pretrained get_expected_cell_size get_expected_hidden_size head_dim hidden_size
    input_size insert items keys linear merge_masks mode name nonlinearity norm num_layers out_proj permute_hidden pop
    proj_size reset_running_stats transposed update values
    """.split()  # noqa: SIM905
)
"""What some layers and containers answer to besides their settings, tensors and what every module has."""

_PRIVATE = frozenset(
    """
    _all_weights _flat_weights_names _flat_weight_refs _flat_weights _init_flat_weights _update_flat_weights
    _weights_have_changed _apply _apply_instance_norm
    _backward_hooks _backward_pre_hooks _buffers _call_impl _check_input_dim
    _compiled_call_impl _conv_forward _fill_padding_idx_with_zero _forward_hooks _forward_hooks_always_called
    _forward_hooks_with_kwargs _forward_pre_hooks _forward_pre_hooks_with_kwargs _get_abs_string_index
    _get_backward_hooks _get_backward_pre_hooks _get_item_by_idx _get_name _get_no_batch_dim _handle_no_batch_input
    _is_full_backward_hook _load_from_state_dict _load_state_dict_post_hooks _load_state_dict_pre_hooks
    _maybe_warn_non_full_backward_hook _modules _named_members _non_persistent_buffers_set _output_padding _parameters
    _qkv_same_embed_dim _register_load_state_dict_pre_hook _register_state_dict_hook _replicate_for_data_parallel
    _require_tuple_int _reset_parameters _reversed_padding_repeated_twice _save_to_state_dict _slow_forward
    _state_dict_hooks _state_dict_pre_hooks _version _wrapped_call_impl
    """.split()  # noqa: SIM905
)


@cache
def _answered() -> frozenset[str]:
    names = {name for pair in by_module.values() for name in pair.module_signature.names}
    return frozenset(
        names | {slot.key for pair in by_module.values() for slot in pair.slots} | _MORE | _PRIVATE | MODULE_MEMBERS
    )


class Answers:
    """What layers answer to in one file, which may have given them attributes of its own."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def lacks(self, kind: str, name: str) -> bool:
        """Whether no layer of this torch class has such an attribute, or nothing that stands in a layer's place."""
        given = name not in ASKED and not self.given.isdisjoint({name, ""})
        if name.startswith(("__", "weight_", "bias_")) or given or (kind in RECURRENT and name in (RESETS, *ASKED)):
            return False
        if kind not in by_module or name not in (RESETS, *ASKED):
            return name not in _answered()
        pair = by_module[kind]
        return (
            not pair.slots if name == RESETS else name not in pair.module_signature.names and not self.has(kind, name)
        )

    @staticmethod
    def has(kind: str, name: str) -> bool:
        """Whether every layer of this torch class has such an attribute: that of a tensor, be it None."""
        return kind in by_module and any(slot.key == name for slot in by_module[kind].slots)

    def unknown_to_torch(self, name: str) -> bool:
        """Whether no layer at all has such an attribute."""
        return all(self.lacks(kind, name) for kind in (*by_module, ""))

    @cached_property
    def given(self) -> frozenset[str]:
        """Attributes given to objects other than a method's own `self`; "" among them where it may be any name."""
        return frozenset(self._given())

    def _given(self) -> Iterator[str]:
        for node in self.source.every(ast.Attribute):
            if not isinstance(node.ctx, ast.Load) and not self._is_self(node.value) and not self._has_it(node):
                yield node.attr
        for call in self.source.every(ast.Call):
            match call:
                case ast.Call(func=ast.Name(id="setattr"), args=[owner, name, *_]) if not self._is_self(owner):
                    yield name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else ""
                case ast.Call(
                    func=ast.Attribute(value=owner, attr="register_buffer" | "register_parameter" | "add_module"),
                    args=[name, *_],
                ) if not self._is_self(owner):
                    yield name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else ""

    def _has_it(self, store: ast.Attribute) -> bool:
        """`if hasattr(m, "flag"): m.flag = True` gives nothing to what has it not."""
        inner: ast.AST = store
        for around in self.source.ancestors(store):
            if isinstance(around, ast.If) and inner in around.body and isinstance(store.value, ast.Name):
                tests = around.test.values if isinstance(around.test, ast.BoolOp) else [around.test]
                plain = not isinstance(around.test, ast.BoolOp) or isinstance(around.test.op, ast.And)
                if plain and any(_asks(test, store.value.id, store.attr) for test in tests):
                    return True
            inner = around
        return False

    def _is_self(self, owner: ast.expr) -> bool:
        """The first argument of a method: an object of a class of the file, never a layer of torch itself."""
        if not isinstance(owner, ast.Name):
            return False
        inner: ast.AST = owner
        for around in self.source.ancestors(owner):
            if isinstance(around, ast.ClassDef) and isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
                arguments = [*inner.args.posonlyargs, *inner.args.args]
                plain = not any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in inner.decorator_list)
                return plain and bool(arguments) and arguments[0].arg == owner.id
            inner = around
        return False


def _asks(test: ast.expr, name: str, attribute: str) -> bool:
    match test:
        case ast.Call(func=ast.Name(id="hasattr"), args=[ast.Name(id=owner), ast.Constant(value=asked)]):
            return owner == name and asked == attribute
        case _:
            return False
