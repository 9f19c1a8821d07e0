"""A limb that hangs in the air and a ball that presses on it along a line."""

from dataclasses import replace
from pathlib import Path

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Link, Material, Shape, read_design
from ironworks.product.design.skin import Layer, Patch
from ironworks.robot.body import body_spec

Floats = NDArray[np.float64]

SOFT = Layer(thickness=0.004, modulus=2e5, poisson=0.3, retardation=0.004, radius=0.02, load=5.0)
BALL = 0.5  # kg


def shape_of(kind: str, size: tuple[float, float, float]) -> Shape:
    return Shape("limb.bone", kind, np.array([0.0, 0.01, 0.0]), np.array(size), None, "skin", True)


def shell_of(link: str) -> Shape:
    """The shell of a link of the humanoid, on the limb."""
    return replace(read_design("humanoid").by_name[link].shapes[0], name="limb.bone", material="skin")


def limb(shape: Shape) -> Design:
    link = Link("limb", "", np.zeros(3), None, (shape,))
    skin = {"skin": Material((0.8, 0.8, 0.8, 1.0))}
    return Design(Path("limb"), "limb", "limb", None, False, (link,), skin, {})


def patch_of(
    rows: int, columns: int, low: float = 0.0, high: float = 1.0, start: float = 0.0, end: float = 360.0
) -> Patch:
    first, last = np.radians(start), np.radians(end)
    return Patch("bone", "limb", "limb.bone", 1.0, "z", low, high, first, last, rows, columns, SOFT, 50.0, 0.0)


def spec_of(shape: Shape) -> mujoco.MjSpec:
    """The limb without gravity."""
    design = limb(shape)
    spec = body_spec(design, {"limb": shape.volume.scaled(1.0)})
    spec.option.gravity = [0.0, 0.0, 0.0]
    return spec


def add_ball(spec: mujoco.MjSpec, name: str, point: Floats, outwards: Floats, radius: float = 0.02) -> None:
    """A ball that slides along a line onto a point [m] of a surface; at 0 it just touches."""
    turn = np.zeros(4)
    mujoco.mju_quatZ2Vec(turn, outwards)
    body = spec.worldbody.add_body(name=name, pos=point + radius * outwards, quat=turn)
    body.add_joint(name=name, type=mujoco.mjtJoint.mjJNT_SLIDE, axis=[0.0, 0.0, 1.0])
    body.add_geom(name=name, type=mujoco.mjtGeom.mjGEOM_SPHERE, size=[radius, 0.0, 0.0], mass=BALL, contype=1)
    body.add_geom(type=mujoco.mjtGeom.mjGEOM_SPHERE, size=[radius / 2, 0.0, 0.0], mass=0.0, contype=0, conaffinity=0)


def settle(model: mujoco.MjModel, force: float, seconds: float = 1.0) -> mujoco.MjData:
    """Push every ball with a force [N] until all rests."""
    data = mujoco.MjData(model)
    data.qfrc_applied[:] = -force
    for _ in range(round(seconds / model.opt.timestep)):
        mujoco.mj_step(model, data)
    mujoco.mj_forward(model, data)
    return data
