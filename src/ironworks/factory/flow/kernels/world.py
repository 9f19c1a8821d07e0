"""The two arrays that all event kernels share; `fields` says what stands where."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]  # m
Floats = NDArray[np.float64]  # x
