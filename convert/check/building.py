"""Layers that are built at the wrong time or from the wrong arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from ..ops import by_module
from ..recognise.calls import shown
from .scene import Scene

# eps keeps a division from failing: 1e-5, 1e-3 at most. Momenta are 0.1, 0.01 or, as other libraries count them, 0.9.
_LARGEST_EPS = 0.05


def find_layers_built_in_forward(scene: Scene) -> Iterator[Diagnostic]:
    """`nn.Linear(10, 10)(x)` in forward: random weights at every call; a dropout built there is never in eval mode."""
    for _, forward in scene.forwards():
        for node in ast.walk(forward):
            if not (isinstance(node, ast.Call) and _is_called_at_once(scene, forward, node)):
                continue
            path = scene.source.path_of(node.func) or ""
            if path in by_module and by_module[path].family == "dropout":
                if scene.is_unguarded(node):
                    given = "training mode each time, being built in forward"
                    yield scene.find("NF301", node, function=shown(path), given=given)
            elif scene.holds_state(node) and not _is_without_weights(scene, node, path):
                name = shown(path) or scene.source.says(node.func)
                yield scene.find("NF312", node, function=name, method=forward.name)


def find_eps_for_momentum(scene: Scene) -> Iterator[Diagnostic]:
    """`nn.BatchNorm2d(128, 0.8)`."""
    for call in scene.source.every(ast.Call):
        path = scene.source.path_of(call.func) or ""
        if path not in by_module or by_module[path].module_signature.positional[1:2] != ("eps",):
            continue
        if len(call.args) > 1 and "momentum" not in {keyword.arg for keyword in call.keywords}:
            eps = call.args[1]
            if isinstance(eps, ast.Constant) and isinstance(eps.value, float) and eps.value >= _LARGEST_EPS:
                yield scene.find("NF315", call, function=shown(path), given=scene.source.says(eps))


def _is_called_at_once(scene: Scene, forward: ast.FunctionDef, built: ast.Call) -> bool:
    """`nn.Linear(3, 4)(x)`, or a local that is only called; whatever else is done with it may give it its weights."""
    around = scene.source.parent(built)
    whole: ast.AST = built
    if isinstance(around, ast.Attribute) and around.attr in {"to", "cuda", "cpu"}:
        whole = scene.source.parent(around) or around
        around = scene.source.parent(whole)
    match around:
        case ast.Call(func=func):
            return func is whole
        case ast.Assign(targets=[ast.Name(id=name)]):
            uses = [node for node in ast.walk(forward) if isinstance(node, ast.Name) and node.id == name]
            reads = [node for node in uses if isinstance(node.ctx, ast.Load)]
            return len(uses) - len(reads) == 1 and all(_is_called(scene, node) for node in reads) and bool(reads)
        case _:
            return False


def _is_called(scene: Scene, node: ast.AST) -> bool:
    call = scene.source.parent(node)
    return isinstance(call, ast.Call) and call.func is node


def _is_without_weights(scene: Scene, built: ast.Call, path: str) -> bool:
    """A normalisation with `affine=False` or `elementwise_affine=False` computes the same each time."""
    flags = {keyword.arg: keyword.value for keyword in built.keywords}
    affine = flags.get("affine", flags.get("elementwise_affine"))
    if isinstance(affine, ast.Constant) and affine.value is False:
        return True
    return path.startswith("torch.nn.InstanceNorm") and affine is None
