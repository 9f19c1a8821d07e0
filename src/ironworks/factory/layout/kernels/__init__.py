"""Compiled kernels of layout: scalars and arrays in, arrays out. They import numpy and numba alone."""
