"""Writes a robot as MJCF that plain MuJoCo loads, with its meshes beside it."""

from __future__ import annotations

from pathlib import Path

import mujoco

from ironworks.product.design import Design
from ironworks.robot.urdf import write_stl

__all__ = ["write_mjcf"]


def write_mjcf(design: Design, spec: mujoco.MjSpec, folder: Path) -> Path:
    """Write NAME.xml and the meshes that it names into a folder; the path of the XML."""
    meshes = folder / "meshes"
    meshes.mkdir(parents=True, exist_ok=True)
    solids = {shape.name: shape.mesh for link in design.links for shape in link.shapes if shape.mesh is not None}
    written = spec.copy()
    for mesh in written.meshes:
        write_stl(solids[mesh.name], meshes / f"{mesh.name}.stl")
        mesh.file = f"{mesh.name}.stl"
        mesh.uservert, mesh.userface = [], []
    path = folder / f"{design.name}.xml"
    # It is compiled as it is written, so that it has to find the meshes from here.
    here = str(meshes.resolve())
    written.meshdir = here
    path.write_text(written.to_xml().replace(f'meshdir="{here}', 'meshdir="meshes'), encoding="utf-8")
    return path
