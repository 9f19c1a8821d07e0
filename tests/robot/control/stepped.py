"""A robot that does commanded footsteps, and where its feet truly landed."""

import math
from dataclasses import dataclass

import numpy as np
from tests.robot.control.robots import model, robot

from ironworks.robot.asbuilt import Unit
from ironworks.robot.control.control_model import ControlModel, sole_of
from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.footsteps import FootstepReport, FootstepState
from ironworks.robot.control.interface import TICK, Command, Footstep
from ironworks.robot.control.walking import Walking

#: Six stones to an eighth of a turn, then one beside the last.
STONES = (
    Footstep("left", (0.22, 0.11)),
    Footstep("right", (0.42, -0.14)),
    Footstep("left", (0.68, 0.06), 0.2),
    Footstep("right", (0.88, -0.06), 0.4),
    Footstep("left", (1.02, 0.20), 0.6),
    Footstep("right", (1.16, 0.03), 0.8),
    Footstep("left", (1.02, 0.165), 0.8),
)


@dataclass(frozen=True, eq=False)
class Stepped:
    """Places (N, 2) [m] and headings (N,) [rad] of the landed soles in the axes of the list, and how it ended."""

    places: np.ndarray
    turns: np.ndarray
    report: FootstepReport
    fell: bool
    speed: float
    seconds: float


def soles(one, built: ControlModel) -> tuple[np.ndarray, np.ndarray]:
    """Middles (2, 2) [m] and headings (2,) [rad] of the soles, as they truly are."""
    middles, headings = [], []
    for foot in built.feet:
        body = one.data.body(foot)
        turn = body.xmat.reshape(3, 3)
        middles.append((body.xpos + turn @ sole_of(built, foot)[0])[:2])
        headings.append(math.atan2(turn[1, 0], turn[0, 0]))
    return np.array(middles), np.array(headings)


def step_on(
    steps: tuple[Footstep, ...], unit: Unit | None = None, known: ControlModel | None = None, seconds: float = 12.0,
    push: tuple[float, float] = (0.0, 0.0), at: float = math.inf, seed: int = 1,
) -> Stepped:  # fmt: skip
    """Stand for half a second, do the footsteps, and stand; a push adds a speed [m/s] over 0.1 s."""
    known = known or model()
    truth = ControlModel(known.design, known.masses, unit) if unit is not None else known
    one, control = robot(unit, seed), Walking(Estimator())
    control.reset(known)
    observation = one.begin()
    places, turns, landed, ended = [], [], 0, math.inf
    begun, fell, speed, stands = one.time, False, 0.0, None
    for k in range(round(seconds / TICK)):
        now = k * TICK
        if stands is None:
            middles, headings = soles(one, truth)
            heading = float(headings.mean())
        command = Command(footsteps=steps) if now > 0.5 else Command()
        asked = control.step(observation, command)
        if control.footsteps.state is not FootstepState.NONE and stands is None:
            stands = (
                middles.mean(axis=0),
                np.array([[math.cos(heading), -math.sin(heading)], [math.sin(heading), math.cos(heading)]]),
            )
        force = np.array(push) * known.mass / 0.1 if at <= now < at + 0.1 else np.zeros(2)
        one.data.body("pelvis").xfrc_applied[:2] = force
        observation = one.step(asked)
        # A landing is read once the foot has been relieved of its own way: 0.1 s later.
        if len(control.footsteps.landed) > landed:
            landed, ended = len(control.footsteps.landed), now
        if landed > len(places) and now > ended + 0.1:
            middles, headings = soles(one, truth)
            foot = 0 if steps[landed - 1].side == "left" else 1
            origin, axes = stands
            places.append((middles[foot] - origin) @ axes)
            turns.append(headings[foot] - heading)
        if one.data.qpos[2] < 0.6:
            fell = True
            break
        if control.footsteps.state is not FootstepState.STEPPING and now > ended + 1.5:
            break
    speed = float(np.abs(one.data.qvel[:3]).max())
    return Stepped(np.array(places), np.array(turns), control.footsteps, fell, speed, one.time - begun)
