"""Numbers of the `assign` format: decimal texts become whole millionths, rounded half to even, never as a float."""
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

MILLION = 10**6
LARGEST = 10**9
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_STEP = Decimal("0.000001")
_CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)


class NumberError(ValueError):
    """The text is no number that is accepted; the message says what was expected."""


def millionths_of(text: str) -> int:
    """The number in millionths: ``0.0000005`` is 0, ``0.0000015`` is 2, ``-1.5`` is -1500000.

    Raises
    ------
    NumberError
        If it is no finite decimal number, or beyond 1e9 in size.
    """
    whole, _, part = text.partition(".")
    if len(part) <= 6 and len(whole) <= 9 and text.isascii() and whole.isdecimal() and (part.isdecimal() or not part):
        return int(whole) * MILLION + int(part.ljust(6, "0"))
    if not _NUMBER.fullmatch(text):
        raise NumberError("expected a finite number with a decimal point")
    number = Decimal(text)
    if (number and number.adjusted() > 10) or abs(number) > LARGEST:
        raise NumberError("expected a number from -1e9 to 1e9")
    if number and number.adjusted() < -20:
        return 0
    return int(number.quantize(_STEP, context=_CONTEXT).scaleb(6))


def plain_column(cells: Sequence[str]) -> tuple[Ints, NDArray[np.bool_]]:
    """Millionths of a whole column at once, and where that is the answer.

    Only texts like ``12``, ``-0.5`` or ``123456789.123456`` are read this way; the rest is left to `millionths_of`.
    """
    n = len(cells)
    width = max(map(len, cells), default=0)
    if not 0 < width <= 20:
        return np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)
    marks = np.array(cells, dtype=f"U{width}").view(np.uint32).reshape(n, width)
    value, whole, part = (np.zeros(n, dtype=np.int64) for _ in range(3))
    after, plain = np.zeros(n, dtype=bool), np.ones(n, dtype=bool)
    for k in range(width):
        mark = marks[:, k]
        digit = (mark >= ord("0")) & (mark <= ord("9"))
        dot = mark == ord(".")
        plain &= digit | (dot & ~after) | (mark == 0) | (mark == ord("-") if k == 0 else False)
        value[digit] = value[digit] * 10 + (mark[digit] - ord("0"))
        whole += digit & ~after
        part += digit & after
        after |= dot
    plain &= (whole >= 1) & (whole <= 9) & (part <= 6) & ((part > 0) | ~after)
    value[plain] *= 10 ** (6 - part[plain])
    return np.where(marks[:, 0] == ord("-"), -value, value), plain


def whole_of(text: str) -> int:
    """A whole number, ``12`` or ``12.0``.

    Raises
    ------
    NumberError
        If it is not whole, or beyond 1e9 in size.
    """
    if len(text) <= 9 and text.isascii() and text.isdecimal():
        return int(text)
    if not _NUMBER.fullmatch(text) or len(text) > 30:
        raise NumberError("expected a whole number")
    number = Decimal(text)
    if (number and number.adjusted() > 10) or abs(number) > LARGEST:
        raise NumberError("expected a whole number from -1e9 to 1e9")
    if number != number.to_integral_value():
        raise NumberError("expected a whole number")
    return int(number)
