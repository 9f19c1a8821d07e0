"""Scales: each link as the assembly carrier sees it go on, the whole robot and its centre of mass at the gantry."""

from __future__ import annotations

from collections.abc import Mapping

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.procedures.as_designed import as_designed
from ironworks.robot.asbuilt import Unit, as_built
from ironworks.robot.rig import Rig

__all__ = ["LinkMass", "RobotMass"]

Floats = NDArray[np.float64]

#: Two scales: up to so many kilograms, what one digit is [kg]; an assumption of the usual classes.
_SCALES = ((3.0, 1e-5), (60.0, 1e-3))
#: A load cell's swing [1/s], damping ratio, noise over the digit; seconds and samples, the last quarter counts.
_SWING, _DAMPED, _CELL_NOISE, _SECONDS, _SAMPLES = 30.0, 0.3, 2.0, 1.0, 100
#: The gantry's load cell: noise of force [N] and torque [N m], gain; seconds to rest, ticks that count.
_FORCE_NOISE, _TORQUE_NOISE, _GAIN, _REST, _COUNT = 0.5, 0.1, 5e-4, 0.5, 25


class LinkMass:
    """The carrier's scale before and after a link goes on: what a finished robot no longer tells."""

    name = "link_mass"
    item = "robot"
    minutes = 8.0
    measurements = (
        Measurement("link_mass", Limits(-6.0, 6.0, "percent"), description="of a link with its parts, to the design"),
    )
    catches = ("missing_part",)
    sees = ("link_mass",)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every link."""
        rng = specimen.rng(self.name)
        names = tuple(link.name for link in specimen.design.links)
        designed = np.array([specimen.masses[name].mass for name in names])
        built = as_built(specimen.design, specimen.masses, specimen.unit)[1]
        true = np.array([built[name].mass for name in names])
        digit = np.where(designed < 0.8 * _SCALES[0][0], _SCALES[0][1], _SCALES[1][1])
        time = np.linspace(0.0, _SECONDS, _SAMPLES)[:, None]
        # The carrier that is there already has been set to zero: the link alone swings in.
        wave = _SWING * np.sqrt(1.0 - _DAMPED**2) * time
        settling = 1.0 - np.exp(-_DAMPED * _SWING * time) * (
            np.cos(wave) + _DAMPED / np.sqrt(1.0 - _DAMPED**2) * np.sin(wave)
        )
        raw = true * settling + _CELL_NOISE * digit * rng.normal(size=(_SAMPLES, len(names)))
        raw = digit * np.rint(raw / digit)
        read = raw[-_SAMPLES // 4 :].mean(axis=0)
        return {
            "link_mass": Readings(names, 100.0 * (read / designed - 1.0), 100.0 * (true / designed - 1.0)),
        }


class RobotMass:
    """The gantry's six-axis load cell under the robot that hangs in its standing pose, joints held by the drives."""

    name = "robot_mass"
    item = "robot"
    minutes = 1.0
    measurements = (
        Measurement("mass", Limits(-2.5, 2.5, "percent"), description="of the whole robot, to the design"),
        Measurement("centre_of_mass", Limits(None, 3.0, "mm"), description="level distance from its place by design"),
    )
    catches: tuple[str, ...] = ()
    sees = ("link_length", "link_mass", "centre_of_mass", "zero_offset", "encoder_accuracy")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """One reading of the robot each."""
        mass, centre, true_mass, true_centre = self._weigh(specimen, specimen.unit, specimen.rng(self.name))
        _, _, wanted, place = as_designed(
            self.name, specimen, lambda unit: self._weigh(specimen, unit, np.random.default_rng(0))
        )
        shift, true_shift = np.linalg.norm(centre - place), np.linalg.norm(true_centre - place)
        return {
            "mass": Readings(
                ("robot",), np.array([100.0 * (mass / wanted - 1.0)]), np.array([100.0 * (true_mass / wanted - 1.0)])
            ),
            "centre_of_mass": Readings(("robot",), np.array([1e3 * shift]), np.array([1e3 * true_shift])),
        }

    @staticmethod
    def _weigh(specimen: Specimen, unit: Unit, rng: np.random.Generator) -> tuple[float, Floats, float, Floats]:
        """Mass [kg] and level place (2,) [m] of its centre from the held link: read, and true."""
        root = specimen.design.links[0].name

        def cell(spec: mujoco.MjSpec) -> None:
            spec.body(root).add_site(name="gantry", group=4)
            for name, kind in (("force", mujoco.mjtSensor.mjSENS_FORCE), ("torque", mujoco.mjtSensor.mjSENS_TORQUE)):
                spec.add_sensor(name=f"gantry.{name}", type=kind, objtype=mujoco.mjtObj.mjOBJ_SITE, objname="gantry")

        rig = Rig(specimen.design, specimen.masses, unit, rng, spec_hook=cell)
        rig.rest(rig.stand)
        target = np.tile(rig.stand + rig.misread(rig.stand), (round(_REST / rig.tick), 1))
        rig.follow(target)
        gain, felt = 1.0 + _GAIN * rng.normal(), []
        for _ in range(_COUNT):
            rig.follow(target[:1])
            # MuJoCo's sensors say what the parent gives the child: up where gravity goes down.
            felt.append(np.concatenate([rig.data.sensor("gantry.force").data, rig.data.sensor("gantry.torque").data]))
        noise = np.repeat([_FORCE_NOISE, _TORQUE_NOISE], 3) * rng.normal(size=6)
        _, _, z, about_x, about_y, _ = gain * np.mean(felt, axis=0) + noise
        # The torque of an upward force z at (a, b) is (b z, -a z).
        held = rig.data.body(root)
        true = rig.data.subtree_com[held.id] - held.xpos
        return float(z) / 9.81, np.array([-about_y, about_x]) / z, float(rig.model.body_mass.sum()), true[:2]
