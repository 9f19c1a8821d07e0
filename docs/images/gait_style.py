"""Draws docs/images/gait-style.png: one stride, plain and as people walk: `python docs/images/gait_style.py`."""

from __future__ import annotations

import math
from pathlib import Path

import mujoco
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ironworks.product.design import bill_of, read_design
from ironworks.robot.asbuilt import Places, Unit
from ironworks.robot.control import (
    HUMAN,
    PLAIN,
    Command,
    ControlModel,
    Estimator,
    GaitStyle,
    SimulatedRobot,
    Walking,
    held_joints,
)

SPEED, SETTLED, PICTURES = 1.0, 4.0, 8
WIDTH, HEIGHT = 200, 370
#: Side and front: azimuth [deg].
VIEWS = (90.0, 180.0)


def stride(style: GaitStyle) -> list[list[NDArray[np.uint8]]]:
    """Pictures of each view over one stride, from a landing of the left foot on."""
    design = read_design("humanoid")
    masses, unit = design.weigh(bill_of(design).masses), Unit.nominal(Places.of(design))
    frozen = tuple(name for name in held_joints(design) if "toe" not in name)
    robot = SimulatedRobot(design, masses, unit, np.random.default_rng(1), frozen=frozen)
    control = Walking(Estimator(), style=style)
    control.reset(ControlModel(design, masses, unit))
    observation, begun = robot.begin(), robot.time
    shots: list[list[NDArray[np.uint8]]] = [[] for _ in VIEWS]
    start = math.inf
    robot.model.vis.headlight.ambient[:] = 0.45
    camera = mujoco.MjvCamera()
    camera.elevation, camera.distance = -4.0, 2.5
    with mujoco.Renderer(robot.model, HEIGHT, WIDTH) as renderer:
        while len(shots[0]) < PICTURES:
            now, before = robot.time - begun, standing(robot)
            asked = Command(forward=SPEED * min(now, 1.0), walk=True)
            observation = robot.step(control.step(observation, asked))
            if now > SETTLED and math.isinf(start) and standing(robot) and not before:
                start = now
            if now >= start + len(shots[0]) * 2.0 * control.gait.time / PICTURES:
                camera.lookat[:] = [*robot.data.qpos[:2], 0.88]
                for azimuth, pictures in zip(VIEWS, shots, strict=True):
                    camera.azimuth = azimuth
                    renderer.update_scene(robot.data, camera)
                    pictures.append(renderer.render().copy())
    return shots


def standing(robot: SimulatedRobot) -> bool:
    """Whether the left foot bears most of the weight."""
    force = robot.data.sensor("left_foot_force.force").data, robot.data.sensor("right_foot_force.force").data
    return bool(np.linalg.norm(force[0]) > np.linalg.norm(force[1]))


if __name__ == "__main__":
    walks = [stride(style) for style in (PLAIN, HUMAN)]
    rows = [np.hstack(walk[view]) for view in range(len(VIEWS)) for walk in walks]
    Image.fromarray(np.vstack(rows)).quantize(128).save(Path(__file__).with_name("gait-style.png"), optimize=True)
