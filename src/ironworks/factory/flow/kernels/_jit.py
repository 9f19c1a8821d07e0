"""The one decorator of every kernel, and where compiled kernels are kept.

Numba renews a cached function when its own file changes, but not when a function that it inlines from another
file does. So the cache folder is named after the sources of all kernels together: any change makes a fresh one.
"""

import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])

#: False when NUMBA_DISABLE_JIT is set: the kernels then run as plain Python, with the same results.
compiled: bool = not numba.config.DISABLE_JIT

if not compiled:
    # The draws wrap around modulo 2**64 on purpose; compiled code does so silently.
    np.seterr(over="ignore")


def _user_cache() -> Path:
    if chosen := os.environ.get("IRONWORKS_CACHE"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "ironworks"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ironworks"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ironworks"


def _fingerprint() -> str:
    digest = hashlib.blake2b(digest_size=8)
    digest.update(f"{numba.__version__} {np.__version__} {platform.python_version()}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


def _prepare_folder() -> Path | None:
    """Make the cache folder; None where nothing can be written, and the kernels are then compiled in each process."""
    try:
        folder = _user_cache() / f"kernels-{_fingerprint()}"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, RuntimeError):
        return None
    return folder


#: Where the compiled kernels lie, or None if the place is not writable.
cache_folder: Path | None = _prepare_folder() if compiled else None


def cold(name: str = "event._run_compiled") -> bool:
    """Whether a kernel (module.function) still has to be compiled: it is not kept for these sources, or nothing is."""
    if not compiled:
        return False
    return cache_folder is None or next(cache_folder.rglob(f"{name}-*.nbi"), None) is None


def kernel(function: F) -> F:
    """Compile a function: cached, without fast mathematics, with division by zero as in numpy."""
    return _compile(function)


def internal(function: F) -> F:
    """The same, without the wrapper for calls from Python: for kernels that only other kernels call."""
    return _compile(function, no_cpython_wrapper=compiled, no_cfunc_wrapper=compiled)


def inlined(function: F) -> F:
    """The same, always inlined into its callers: for the hot path, where passing the tables would cost most."""
    return _compile(function, forceinline=True, no_cpython_wrapper=compiled, no_cfunc_wrapper=compiled)


def _compile(function: F, **options: bool) -> F:
    before = numba.config.CACHE_DIR
    if cache_folder is not None:
        numba.config.CACHE_DIR = str(cache_folder)
    try:
        made = numba.njit(cache=cache_folder is not None, error_model="numpy", **options)(function)
    finally:
        numba.config.CACHE_DIR = before
    if compiled:
        template = made.get_call_template
        # Otherwise a kernel is compiled anew for every literal that some other kernel passes to it.
        made.get_call_template = lambda args, kws: template(tuple(types.unliteral(a) for a in args), kws)
    return made


@intrinsic
def borrowed(typingctx: Any, array: Any) -> Any:
    """A pointer to the elements of an array, for as long as the caller keeps it.

    As an array, every call would count references and every access would wrap negative indices: 3.5 times the time.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, args[0]).data

    return types.CPointer(array.dtype)(array), codegen
