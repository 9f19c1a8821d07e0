"""Compiled kernels of line balancing: scalars and arrays in, arrays out. They import numpy and numba alone."""
