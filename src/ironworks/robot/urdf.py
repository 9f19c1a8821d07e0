"""Writes a design as URDF: MuJoCo reads the format but does not write it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np

from ironworks.product.design import Design, Joint, Link, Mass, Mesh, Shape

__all__ = ["write_stl", "write_urdf"]


def write_urdf(design: Design, masses: Mapping[str, Mass], folder: Path) -> Path:
    """Write NAME.urdf and the meshes that it names into a folder; the path of the URDF.

    A joint that follows another is a `mimic` joint. Passive springs have no place in the format and are left out.
    """
    meshes = folder / "meshes"
    meshes.mkdir(parents=True, exist_ok=True)
    robot = Xml.Element("robot", name=design.name)
    for name, material in design.materials.items():
        Xml.SubElement(Xml.SubElement(robot, "material", name=name), "color", rgba=_numbers(material.rgba))
    for link in design.links:
        _link(robot, link, masses[link.name], meshes)
        if link.parent:
            _joint(robot, link)
    Xml.indent(robot)
    path = folder / f"{design.name}.urdf"
    path.write_bytes(Xml.tostring(robot, encoding="utf-8", xml_declaration=True) + b"\n")
    return path


def _link(robot: Xml.Element, link: Link, mass: Mass, meshes: Path) -> None:
    element = Xml.SubElement(robot, "link", name=link.name)
    inertial = Xml.SubElement(element, "inertial")
    _origin(inertial, mass.centre)
    Xml.SubElement(inertial, "mass", value=_number(mass.mass))
    i = mass.inertia
    pairs = {"ixx": (0, 0), "ixy": (0, 1), "ixz": (0, 2), "iyy": (1, 1), "iyz": (1, 2), "izz": (2, 2)}
    Xml.SubElement(inertial, "inertia", {name: _number(i[at]) for name, at in pairs.items()})
    for shape in link.shapes:
        for kind in ("visual", "collision") if shape.collides else ("visual",):
            part = Xml.SubElement(element, kind)
            _origin(part, shape.centre)
            _geometry(Xml.SubElement(part, "geometry"), shape, meshes)
            if kind == "visual":
                Xml.SubElement(part, "material", name=shape.material)


def _geometry(geometry: Xml.Element, shape: Shape, meshes: Path) -> None:
    a, b, c = (float(s) for s in shape.size)
    if shape.kind == "box":
        Xml.SubElement(geometry, "box", size=_numbers((2 * a, 2 * b, 2 * c)))
    elif shape.kind == "cylinder":
        Xml.SubElement(geometry, "cylinder", radius=_number(a), length=_number(2 * b))
    else:
        mesh = shape.mesh or (capsule_mesh(a, b) if shape.kind == "capsule" else ellipsoid_mesh(shape.size))
        write_stl(mesh, meshes / f"{shape.name}.stl")
        Xml.SubElement(geometry, "mesh", filename=f"meshes/{shape.name}.stl")


def _joint(robot: Xml.Element, link: Link) -> None:
    joint = link.joint
    kind = "fixed" if joint is None else "revolute" if math.isfinite(joint.low) else "continuous"
    name = joint.name if joint else f"{link.name}_fixed"
    element = Xml.SubElement(robot, "joint", name=name, type=kind)
    Xml.SubElement(element, "parent", link=link.parent)
    Xml.SubElement(element, "child", link=link.name)
    _origin(element, link.origin)
    if joint is not None:
        Xml.SubElement(element, "axis", xyz=_numbers(joint.axis))
        _limits(element, joint)


def _limits(element: Xml.Element, joint: Joint) -> None:
    drive = joint.drive
    effort, speed = (drive.torque, drive.speed) if drive else (0.0, 100.0)
    limits = {"effort": effort, "velocity": speed}
    if math.isfinite(joint.low):
        limits = {"lower": joint.low, "upper": joint.high, **limits}
    Xml.SubElement(element, "limit", {name: _number(value) for name, value in limits.items()})
    friction = drive.friction if drive else 0.0
    Xml.SubElement(element, "dynamics", damping=_number(joint.damping), friction=_number(friction))
    if joint.follow is not None:
        follow = joint.follow
        Xml.SubElement(element, "mimic", joint=follow.joint, multiplier=_number(follow.gain), offset="0")


def _origin(element: Xml.Element, at: np.ndarray) -> None:
    Xml.SubElement(element, "origin", xyz=_numbers(at), rpy="0 0 0")


def _number(value: float) -> str:
    return repr(float(value))


def _numbers(values: object) -> str:
    return " ".join(_number(value) for value in values)  # type: ignore[attr-defined]


def write_stl(mesh: Mesh, path: Path) -> None:
    """Write a mesh as binary STL [m]."""
    corners = mesh.vertices[mesh.faces].astype("<f4")
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = np.divide(normals, lengths, out=np.zeros_like(normals), where=lengths > 0)
    rows = np.zeros(len(corners), dtype=[("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    rows["normal"], rows["corners"] = normals, corners
    path.write_bytes(b"ironworks".ljust(80, b"\0") + np.uint32(len(rows)).tobytes() + rows.tobytes())


def capsule_mesh(radius: float, half: float) -> Mesh:
    """A capsule about z: `radius` and half the length of its straight part [m]."""
    mesh = ellipsoid_mesh(np.full(3, radius))
    up = np.where(mesh.vertices[:, 2] >= 0.0, half, -half)
    return Mesh(mesh.vertices + np.outer(up, [0.0, 0.0, 1.0]), mesh.faces)


def ellipsoid_mesh(radii: np.ndarray, around: int = 24, rings: int = 12) -> Mesh:
    """An ellipsoid of radii (3,) [m]."""
    polar = np.linspace(0.0, math.pi, rings + 1)[1:-1]
    turn = np.linspace(0.0, 2.0 * math.pi, around, endpoint=False)
    theta, phi = np.meshgrid(polar, turn, indexing="ij")
    points = np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], axis=-1)
    vertices = np.concatenate([points.reshape(-1, 3), [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]]]) * radii
    faces = []
    top, bottom = len(vertices) - 2, len(vertices) - 1
    for j in range(around):
        k = (j + 1) % around
        faces += [[top, j, k], [bottom, (rings - 2) * around + k, (rings - 2) * around + j]]
        for i in range(rings - 2):
            p, q = i * around + j, i * around + k
            faces += [[p, p + around, q + around], [p, q + around, q]]
    return Mesh(vertices, np.array(faces, np.int32))
