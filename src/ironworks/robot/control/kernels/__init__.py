"""Arithmetic of every tick, compiled: numbers and arrays in, arrays out, on numpy and numba alone."""
