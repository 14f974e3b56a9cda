"""A small calculator for the keys of quiz items: the taught functions and plain arithmetic.

Expressions are parsed, never evaluated as code; functions are those of `ragqa.reference`.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

from ragqa.errors import RagqaError

Value = float | list[float]

_REFUSED = (
    SyntaxError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    RuntimeError,  # torch, for lists of different length; and nesting too deep to walk
    MemoryError,  # nesting too deep to parse
)

_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def value_of(expression: str) -> float:
    """The number that `expression` comes to: "-log(0.25)", "softmax([2, 1, 0])[0]".

    Raises RagqaError for anything but numbers, lists of them, + − * /, a position in square
    brackets and the functions of `functions()`.
    """
    try:
        value = _value(ast.parse(expression, mode="eval").body)
    except _REFUSED as error:
        raise RagqaError(f"{expression!r} cannot be computed: {error}.") from None
    if isinstance(value, list) or not math.isfinite(value):
        raise RagqaError(f"{expression!r} does not come to one finite number.")
    return value


def functions() -> dict[str, Callable[..., Value]]:
    """Name -> function of numbers and lists of numbers."""
    import torch

    from ragqa import reference

    def tensor(value: Value) -> torch.Tensor:
        return torch.tensor(value, dtype=torch.float64)

    def cosine(a: list[float], b: list[float]) -> float:
        x, y = tensor(a), tensor(b)
        return float(x @ y / (x.norm() * y.norm()))

    def adam_first_step(gradient: float, learning_rate: float) -> float:
        weight = tensor([0.0])
        reference.Adam([weight], learning_rate=learning_rate).step([tensor([gradient])])
        return abs(float(weight))

    return {
        "softmax": lambda z: reference.softmax(tensor(z)).tolist(),
        "sigmoid": lambda x: float(reference.sigmoid(tensor(x))),
        "relu": lambda x: float(reference.relu(tensor(x))),
        "tanh": math.tanh,
        "log": math.log,
        "exp": math.exp,
        "sqrt": math.sqrt,
        "ceil": math.ceil,
        "floor": math.floor,
        "max": lambda values: max(values),
        "argmax": lambda values: values.index(max(values)),
        "sum": lambda values: math.fsum(values),
        "cosine": cosine,
        "adam_first_step": adam_first_step,
    }


def _value(node: ast.expr) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.List(elts=parts):
            return [_number(part) for part in parts]
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return -_number(part)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_number(left), _number(right))
        case ast.Subscript(value=whole, slice=ast.Constant(value=int() as position)):
            return _list(whole)[position]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in functions():
            return functions()[name](*(_value(argument) for argument in arguments))
    raise ValueError(f"{ast.unparse(node)!r} is not understood")


def _number(node: ast.expr) -> float:
    value: Any = _value(node)
    if isinstance(value, list):
        raise ValueError("a number is expected where a list stands")
    return value


def _list(node: ast.expr) -> list[float]:
    value = _value(node)
    if not isinstance(value, list):
        raise ValueError("a list is expected before a position")
    return value
