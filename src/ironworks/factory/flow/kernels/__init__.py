"""Compiled kernels of the flow: scalars and arrays in, arrays out. They import numpy and numba alone.

Compiled functions are kept in a folder of the user's cache (`IRONWORKS_CACHE`, else the platform's place), one for
each state of the sources. With NUMBA_DISABLE_JIT=1 the same code runs as plain Python, with identical results.
"""

from ironworks.factory.flow.kernels._jit import cache_folder, cold, compiled

__all__ = ["cache_folder", "cold", "compiled"]
