"""The one decorator of these kernels."""

from collections.abc import Callable
from typing import Any, TypeVar

import numba

__all__ = ["kernel"]

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a function when it is first called, without fast mathematics, with division by zero as in numpy.

    What is compiled is kept for the next process, or not where no folder can be written. Numba renews it when the
    function's own file changes: a kernel calls those of its own file alone.
    """
    try:
        return numba.njit(cache=True, error_model="numpy")(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return numba.njit(error_model="numpy")(function)  # type: ignore[no-any-return]
