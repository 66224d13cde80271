"""Literals: expressions whose value stands in the text."""

from __future__ import annotations

import ast

ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


def literal_int(node: ast.AST) -> int | None:
    """The integer that an expression writes out: `1`, `-2`; None where it is anything else."""
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))) if not isinstance(value, bool):
            return -value
        case _:
            return None


def is_literal(node: ast.AST) -> bool:
    """A number, string, None, bool, or tuple, list and arithmetic of such."""
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=operand):
            return is_literal(operand)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return all(is_literal(element) for element in elements)
        case ast.BinOp(left=left, op=op, right=right):
            return isinstance(op, ARITHMETIC) and is_literal(left) and is_literal(right)
        case _:
            return False
