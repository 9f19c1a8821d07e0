"""First power: insulation of every joint's cable, current at rest, and a small move that each encoder must answer."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.procedures.as_designed import as_designed
from ironworks.robot.asbuilt import Unit
from ironworks.robot.joint_modules import BUS, JointModules
from ironworks.robot.rig import Record, Rig

__all__ = ["PowerOn", "colours"]

Floats = NDArray[np.float64]

#: Insulation tester: voltage [V], seconds, what the cable's dielectric takes in at first [S], how long [s], noise [A].
_VOLTS, _SECONDS, _ABSORBED, _DECAY, _LEAK_NOISE = 500.0, 30, 2e-10, 6.0, 2e-10
#: Move [rad], how near a stop it may end [rad], its seconds, time to settle, share of the torque that the drivers may
#: give at first.
_MOVE, _NEAR, _WAY, _SETTLE, _SHARE = 0.05, math.radians(1.0), 0.2, 0.15, 0.5
#: What computer and boards draw [W], and each driver; noise of the bus's shunt [A]; assumptions.
_BASE, _DRIVER, _SHUNT_NOISE = 60.0, 0.3, 0.01


class PowerOn:
    """The robot hangs on the gantry; its drives hold where their encoders say that they are, then move in turns.

    No two neighbours on a limb move at once, so that a drive which reads its neighbour's encoder gets no answer.
    """

    name = "power_on"
    item = "robot"
    minutes = 2.0
    measurements = (
        Measurement("insulation", Limits(2000.0, None, "Mohm"), description="of each joint's cable at 500 V"),
        Measurement(
            "idle_current", Limits(-3.5, 3.5, "percent"), description="holding the standing pose, against the design"
        ),
        Measurement("response", Limits(0.85, 1.15), description="of an encoder over the move that was asked for"),
    )
    catches = ("swapped_cable", "torn_insulation")
    sees = (
        "link_length",
        "link_mass",
        "centre_of_mass",
        "zero_offset",
        "encoder_accuracy",
        "torque_constant",
        "resistance",
        "friction",
        "damping",
    )

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every driven joint, and of the robot."""
        rng = specimen.rng(self.name)
        modules = JointModules.of(specimen.design, specimen.unit)
        count = len(modules)
        seconds = np.arange(1, _SECONDS + 1)[:, None]
        leak = _VOLTS / modules.insulation + _VOLTS * _ABSORBED * np.exp(-seconds / _DECAY)
        leak = leak * (1.0 + 0.01 * rng.normal(size=count)) + _LEAK_NOISE * rng.normal(size=leak.shape)
        shown = _VOLTS / np.maximum(leak[-5:].mean(axis=0), 1e-12)

        rig = Rig(specimen.design, specimen.masses, specimen.unit, rng)
        target, hold = _hold(rig)
        idle = _idle_current(rig, modules)
        shunt = idle + _SHUNT_NOISE * rng.normal(size=100).mean()
        wanted = as_designed("idle_current", specimen, lambda unit: _at_rest(specimen, unit))

        seen, true = np.full(count, np.nan), np.full(count, np.nan)
        before, before_true = hold.angle[-5:].mean(axis=0), hold.true_angle[-1] + rig.misread(hold.true_angle[-1])
        group = colours(specimen.design, rig.joints)
        for colour in range(3):
            moved = np.where(group == colour, _MOVE, 0.0)
            # Away from a stop that is near.
            moved = np.where(target + moved > rig.high - _NEAR, -moved, moved)
            record = rig.move(target, target + moved, _WAY, _SETTLE)
            after, last = record.angle[-5:].mean(axis=0), record.true_angle[-1]
            after_true = last + rig.misread(last)
            mine = group == colour
            seen[mine] = ((after - before) / np.where(mine, moved, 1.0))[mine]
            true[mine] = ((after_true - before_true) / np.where(mine, moved, 1.0))[mine]
            target, before, before_true = target + moved, after, after_true
        return {
            "insulation": Readings(modules.names, shown / 1e6, modules.insulation / 1e6),
            "idle_current": Readings(
                ("robot",), np.array([100.0 * (shunt / wanted - 1.0)]), np.array([100.0 * (idle / wanted - 1.0)])
            ),
            "response": Readings(rig.joints, seen, true),
        }


def _hold(rig: Rig) -> tuple[Floats, Record]:
    """Let the drives hold the standing pose where their encoders say that it is: their targets (J,), what was read."""
    rig.model.actuator_forcerange[:] *= _SHARE
    rig.rest(rig.stand)
    target = rig.stand + rig.misread(rig.stand)
    return target, rig.follow(np.tile(target, (round(_SETTLE / rig.tick), 1)))


def _idle_current(rig: Rig, modules: JointModules) -> float:
    """What the bus gives [A]: boards, drivers and the windings' heat; nothing moves."""
    amperes = rig.data.actuator_force / (modules.constant * modules.phases)
    return float(_BASE + len(modules) * _DRIVER + (amperes**2 * modules.resistance).sum()) / BUS


def _at_rest(specimen: Specimen, unit: Unit) -> float:
    rig = Rig(specimen.design, specimen.masses, unit, np.random.default_rng(0))
    _hold(rig)
    return _idle_current(rig, JointModules.of(specimen.design, unit))


def colours(design: Design, joints: tuple[str, ...]) -> NDArray[np.int64]:
    """0, 1 or 2 for each joint (J,): driven joints that follow one another on a limb differ."""
    depth: dict[str, int] = {}
    of: dict[str, int] = {}
    for link in design.links:
        depth[link.name] = depth[link.parent] if link.parent else 0
        if link.joint is not None and link.joint.drive is not None:
            depth[link.name] += 1
            of[link.joint.name] = depth[link.name]
    return np.array([of[name] % 3 for name in joints], dtype=np.int64)
