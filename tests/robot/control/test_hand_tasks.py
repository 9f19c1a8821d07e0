"""Palms go where they are told, standing, lowered and walking, and the robot stays on its feet."""

import math

import numpy as np
from tests.robot.control.robots import DESIGN, model, robot

from ironworks.robot.control.axes import level_axes
from ironworks.robot.control.control_model import sole_of
from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.hand_tasks import HandTasks, palms_of
from ironworks.robot.control.interface import TICK, Command, HandGoal, Hands
from ironworks.robot.control.kernels.attitude import turn_to
from ironworks.robot.control.simulation import SimulatedRobot
from ironworks.robot.control.walking import Walking
from ironworks.robot.rig import small_turn

AHEAD = (0.0, -0.5 * math.pi, 0.0)
HELD = Hands(HandGoal((0.35, 0.22, 1.0), AHEAD), HandGoal((0.30, -0.25, 0.9), AHEAD))


def missed(one: SimulatedRobot, hands: Hands) -> list[tuple[float, float]]:
    """How far each palm truly is from its goal [m], and how far it is turned away [rad]."""
    data = one.data
    turn = data.body("pelvis").xmat.reshape(3, 3)
    axes = level_axes(math.atan2(turn[1, 0], turn[0, 0]))
    feet = [data.body(foot) for foot in model().feet]
    soles = [
        foot.xpos + foot.xmat.reshape(3, 3) @ sole_of(model(), name)[0]
        for foot, name in zip(feet, model().feet, strict=True)
    ]
    found = []
    for side, (link, at) in palms_of(DESIGN).items():
        goal, body = getattr(hands, side), data.body(link)
        own = body.xmat.reshape(3, 3)
        away = axes.T @ (body.xpos + own @ at - np.mean(soles, axis=0)) - goal.place
        tilt = np.linalg.norm(turn_to(axes @ small_turn(np.array(goal.turn)), np.ascontiguousarray(own)))
        found.append((float(np.linalg.norm(away)), float(tilt)))
    return found


def run(*legs: tuple[float, Command]) -> tuple[SimulatedRobot, Walking]:
    one, control = robot(), Walking(Estimator())
    control.reset(model())
    observation = one.begin()
    for seconds, command in legs:
        for _ in range(round(seconds / TICK)):
            observation = one.step(control.step(observation, command))
    return one, control


def test_palms_reach_their_poses_and_stay_there_while_the_robot_lowers_itself() -> None:
    for height in (0.0, -0.12):
        one, _ = run((2.5, Command(hands=HELD)), (2.0, Command(hands=HELD, height=height)))
        assert one.data.qpos[2] > 0.7
        for off, tilt in missed(one, HELD):
            assert off < 0.01
            assert tilt < 0.03


def test_palms_are_carried_along_by_a_robot_that_walks() -> None:
    walks = Command(forward=0.3, walk=True, hands=HELD)
    one, control = run((2.0, Command(hands=HELD)), (4.0, walks))
    assert one.data.qpos[0] > 0.6
    root = model().data.qpos[:2]
    palm = model().point(*palms_of(DESIGN)["left"]).place
    assert abs(palm[2] - 1.0) < 0.02
    assert abs(palm[0] - root[0] - 0.35) < 0.05
    assert not control.failed


def test_nothing_is_asked_of_hands_without_a_goal() -> None:
    hands = HandTasks(model())
    hands.update(None, 0.0, [], np.zeros((2, 6)), walks=False)
    assert hands.tasks == []
    assert not hands.busy


def test_a_robot_lowers_itself_and_stands_again() -> None:
    one, _ = run((2.5, Command(height=-0.2)))
    low = float(one.data.qpos[2])
    one, _ = run((2.5, Command(height=-0.2)), (3.0, Command(height=0.0)))
    assert low < 0.77
    assert one.data.qpos[2] > 0.88
