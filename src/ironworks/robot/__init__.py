"""One wing: does each robot work? MuJoCo models, units as built, tests at the end of the line."""

import os
import sys
from ctypes.util import find_library

# MuJoCo reads it when it is first imported: EGL draws without a display.
if sys.platform == "linux" and not os.environ.get("DISPLAY") and find_library("EGL"):
    os.environ.setdefault("MUJOCO_GL", "egl")
