"""The outside of a class that is to become functions: its head, its methods' heads, and the names it uses."""

from __future__ import annotations

import ast
from collections.abc import Collection

from ..plan.naming import MODULE_MEMBERS
from ..plan.plan import Kept
from ..recognise.model import Def, Model
from ..source.literal import is_literal

CODE = "NF283"
RESERVED = frozenset({"params", "buffers", "training", "prefix"})
"""Names that the functions give to what they are handed."""

_NAMESPACES = {"locals", "vars", "globals", "eval", "exec", "super", "__class__"}
_PROTOCOL = frozenset(
    """
    _apply _call_impl _get_name _load_from_state_dict _maybe_warn_non_full_backward_hook _named_members
    _register_load_state_dict_pre_hook _register_state_dict_hook _replicate_for_data_parallel _save_to_state_dict
    _slow_forward _wrapped_call_impl
    """.split()  # noqa: SIM905
)
"""Methods by which nn.Module calls itself."""


def refusal(node: ast.AST | None, reason: str) -> Kept:
    """The reason for which a class stays one."""
    return Kept(CODE, node, reason=reason)


def says(model: Model, node: ast.AST) -> str:
    """The statement around a node, as far as it fits into a message."""
    return " ".join(model.source.says(model.source.statement(node)).split())[:80]


def constants_of(model: Model) -> dict[str, str]:
    """Check the class statement and what stands directly in its body; the texts of its constants. Raises Kept."""
    constants: dict[str, str] = {}
    node, source = model.node, model.source
    if node not in source.tree.body:
        raise refusal(node, "it is not defined at the top of the file")
    if len(node.bases) != 1 or node.keywords or node.decorator_list:
        raise refusal(node, "it has other base classes, or a decorator")
    seen: set[str] = set()
    for index, statement in enumerate(node.body):
        match statement:
            case ast.FunctionDef(name=name):
                _read_method(model, statement, seen)
                seen.add(name)
            case ast.Expr(value=ast.Constant(value=str())) if index == 0:
                continue
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if is_literal(value):
                if name in MODULE_MEMBERS:
                    raise refusal(statement, f"`{says(model, statement)}` changes how a module behaves")
                constants[name] = f"({source.says(value)})" if isinstance(value, ast.BinOp) else source.says(value)
            case ast.AnnAssign(value=None) | ast.Pass() | ast.Expr(value=ast.Constant()):
                continue
            case _:
                raise refusal(statement, f"`{says(model, statement)}` belongs to the class")
    if "forward" not in seen:
        raise refusal(node, "it has no forward")
    return constants


def _read_method(model: Model, node: ast.FunctionDef, seen: Collection[str]) -> None:
    name, source = node.name, model.source
    if name in seen:
        raise refusal(node, f"method {name} is defined twice")
    if name not in {"__init__", "forward"} and (name in MODULE_MEMBERS | _PROTOCOL or name.startswith("__")):
        raise refusal(node, f"method {name} is part of how a module behaves")
    for decorator in node.decorator_list:
        if is_static(node):
            break
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        path = source.path_of(called) or ""
        if not path.startswith("torch.") or path.startswith("torch.jit") or name == "__init__":
            raise refusal(node, f"method {name} is decorated")
    head = [node.args, *node.decorator_list, *([node.returns] if node.returns is not None else [])]
    for inner in (each for part in head for each in ast.walk(part)):
        if isinstance(inner, ast.Name) and inner.id in model.class_names:
            raise refusal(node, f"the head of method {name} depends on being in a class")
    own = source.scopes.inside(node)
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Yield, ast.YieldFrom, ast.Await)):
            raise refusal(inner, f"method {name} is a generator")
        if isinstance(inner, ast.Return) and name == "__init__" and source.scopes.scope_of(inner) is own:
            raise refusal(inner, "its __init__ returns early")


def is_static(node: Def) -> bool:
    """Whether a method takes no instance: `@staticmethod` and nothing else."""
    return len(node.decorator_list) == 1 and ast.unparse(node.decorator_list[0]) == "staticmethod"


def check_names(model: Model) -> None:
    """Names that the functions need for themselves, and ways to reach names that cannot be followed."""
    for node in ast.walk(model.node):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) if name in RESERVED:
                raise refusal(node, f"it has a name `{name}` of its own")
            case ast.Name(id=name) if name in _NAMESPACES and not is_super_name(model, node):
                raise refusal(node, f"`{says(model, node)}` depends on being in a class")
            case ast.Global() | ast.Nonlocal() | ast.ClassDef() if node is not model.node:
                raise refusal(node, f"`{says(model, node)}` reaches out of its method")
            case _:
                continue


def super_call(model: Model) -> ast.stmt | None:
    """`super().__init__()` at the top level of the constructor."""
    for statement in model.init.node.body if model.init is not None else ():
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            call = statement.value
            match call.func:
                case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__") if not call.args:
                    return statement
                case ast.Attribute(attr="__init__", value=owner) if model.source.path_of(owner) == "torch.nn.Module":
                    return statement
                case _:
                    continue
    return None


def is_super_name(model: Model, node: ast.AST) -> bool:
    """Whether a node is a part of the call of the base class."""
    statement = super_call(model)
    return statement is not None and any(node is inner for inner in ast.walk(statement))
