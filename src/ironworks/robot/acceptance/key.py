"""What a table of verdicts was made of, as one short text: the same key means the same table."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import mujoco
import numpy as np

from ironworks.product.design import Design, Mass
from ironworks.robot.acceptance.procedure import Procedure
from ironworks.robot.asbuilt import Population

__all__ = ["ingredients", "key_of", "sources"]

_WINGS = ("ironworks.robot", "ironworks.product")


def ingredients(
    population: Population,
    design: Design,
    masses: Mapping[str, Mass],
    procedures: Sequence[Procedure],
    *,
    design_files: Mapping[str, bytes],
    settings: Mapping[str, Any],
) -> dict[str, str]:
    """A short hash of each thing that a table is made of, by its name: what a stale table can say has changed.

    `design_files`: name and content of the design's files; `settings`: units, scales, policies, as texts are made of
    them. Spreads and rates count as they are resolved, masses as sums of what a scenario says of parts.
    """
    # Where a link's mass lies follows from the design's files by matrix products, whose last digits differ between
    # processors; how much it weighs are sums.
    weights = [(name, f"{mass.mass:.9g}") for name, mass in masses.items()]
    population_of = {"spreads": population.spreads, "gross faults": population.rates}
    return {
        "design": _hash(sorted(design_files.items())),
        "masses": _hash(weights),
        "procedures": _hash([(procedure.item, procedure.name) for procedure in procedures]),
        **{name: _hash(rows) for name, rows in population_of.items()},
        "places": _hash(dict(population.places.names)),
        "seed": str(population.seed),
        "scale": f"{population.scale:.12g}",
        "sources": _hash(
            [(name, path.read_bytes().replace(b"\r\n", b"\n")) for name, path in sources(procedures).items()]
        ),
        "settings": _hash(sorted(settings.items())),
        "mujoco": mujoco.__version__,
        "numpy": ".".join(np.__version__.split(".")[:1]),
    }  # fmt: skip


def key_of(made_of: Mapping[str, str]) -> str:
    """One short text for all ingredients."""
    return _hash(sorted(made_of.items()))


def sources(procedures: Sequence[Procedure]) -> dict[str, Path]:
    """Source files of the robot's and the product's wing on which the procedures and the bench stand, by module.

    Found by following imports from the procedures' own modules, so that what only draws or exports does not count.
    """
    waiting = ["ironworks.robot.acceptance.sample", "ironworks.rows.deviations"]
    waiting += [type(getattr(procedure, "whole", procedure)).__module__ for procedure in procedures]
    found: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        module = sys.modules.get(name) or import_module(name)
        file = getattr(module, "__file__", None)
        if name in found or file is None:
            continue
        found[name] = Path(file)
        waiting += [other for other in _imports(Path(file)) if other.startswith(_WINGS)]
    return dict(sorted(found.items()))


def _imports(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
            names += [f"{node.module}.{alias.name}" for alias in node.names if _is_module(node.module, alias.name)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names


def _is_module(package: str, name: str) -> bool:
    return package.startswith(_WINGS) and f"{package}.{name}" in sys.modules


def _hash(thing: object) -> str:
    return hashlib.blake2b(repr(thing).encode(), digest_size=8).hexdigest()
