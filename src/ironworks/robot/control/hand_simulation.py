"""One hand as built on a carriage, with things about it: its drives, encoders and skin, and the delays between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass
from ironworks.product.design.skin import patches_of
from ironworks.robot.asbuilt import Unit, as_built
from ironworks.robot.body import body_spec
from ironworks.robot.control.interface import TICK, JointCommand
from ironworks.robot.encoder_error import EncoderError
from ironworks.robot.hand_design import Hand
from ironworks.robot.joint_modules import BUS
from ironworks.robot.rig import CURRENT_NOISE
from ironworks.robot.skin.field import TactileField
from ironworks.robot.skin.layer import apply_layer
from ironworks.robot.skin.shear import SHEAR_NOISE, SLIDE_NOISE, ShearField
from ironworks.robot.skin.state import SkinState
from ironworks.robot.skin.taxels import Taxels, place_taxels

__all__ = ["CONTACTS", "FEEL", "HandObservation", "SimulatedHand", "hand_taxels"]

Floats = NDArray[np.float64]

FEEL = 3
"""Ticks of control between two readings of the skin: 83 Hz."""
CONTACTS = {"timestep": 0.001, "impratio": 20.0, "noslip": 4.0}
"""Physics of a grasp: step [s]; friction against normal stiffness, so that what is held creeps little."""
#: Noise of a drive's speed [rad/s]; steps by which the bus delays commands and readings.
_SPEED_NOISE, _COMMAND_STEPS, _READING_STEPS = 0.01, 2, 2
#: The carriage: time constant of its hold [s]. Inertia of a coupled joint [kg m2] and time constant of its link [s].
_CARRIAGE, _COUPLED, _LINK = 0.01, 3e-4, 0.004


@dataclass(frozen=True, eq=False)
class HandObservation:
    """What a hand's sensors say at one tick: J driven joints, T taxels, S shapes with skin.

    `angle`, `speed`, `torque` (J,) as in Observation; `felt` (T,) and `shear` (S, 3) [N], `slide` (S,) [m/s]: of
    the last reading of the skin; `fresh`: whether that is new.
    """

    time: float
    angle: Floats
    speed: Floats
    torque: Floats
    felt: Floats
    shear: Floats
    slide: Floats
    fresh: bool


def hand_taxels(design: Design, hand: Hand) -> Taxels:
    """The taxels of one hand of a design."""
    links = {link.name for link in hand.limb.links}
    return place_taxels(hand.limb, [patch for patch in patches_of(design) if patch.link in links])


class SimulatedHand:
    """A hand whose palm a carriage moves; `joints`: what a JointCommand speaks of, (J) names.

    `scene` adds what it grasps before the model is compiled: pairs with the hand's shapes get the skin's layer.
    `skin`: gains and dead taxels of the unit. Truth is for tests and judges alone.
    """

    def __init__(
        self,
        hand: Hand,
        masses: Mapping[str, Mass],
        unit: Unit,
        rng: np.random.Generator,
        taxels: Taxels,
        scene: Callable[[mujoco.MjSpec], None],
        skin: SkinState | None = None,
    ) -> None:
        self.hand, self.unit, self.rng = hand, unit, rng
        built, weights = as_built(hand.limb, masses, unit)
        spec = body_spec(built, weights, voltage=BUS)
        spec.option.timestep = CONTACTS["timestep"]
        spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
        spec.option.impratio = CONTACTS["impratio"]
        spec.option.noslip_iterations = int(CONTACTS["noslip"])
        coupled = {joint.name for joint in built.joints if joint.follow is not None}
        for joint in spec.joints:
            joint.armature = max(joint.armature, _COUPLED) if joint.name in coupled else joint.armature
        for equality in spec.equalities:
            equality.solref = [_LINK, 1.0]
        root = spec.body(hand.name)
        root.add_freejoint(name="root")
        root.gravcomp = 1.0
        carriage = spec.worldbody.add_body(name="carriage", mocap=True)
        spec.add_equality(
            name="carriage", type=mujoco.mjtEq.mjEQ_WELD, objtype=mujoco.mjtObj.mjOBJ_BODY, name1="carriage",
            name2=hand.name, solref=[_CARRIAGE, 1.0], data=[*[0.0] * 6, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        )  # fmt: skip
        assert carriage.name == "carriage"
        scene(spec)
        self.taxels = taxels
        apply_layer(spec, taxels.patches)
        self.model = model = spec.compile()
        self.data = mujoco.MjData(model)
        self._field, self._shear = TactileField(model, self.taxels), ShearField(model, self.taxels)
        self.shapes = self._shear.shapes
        self._skin = skin or SkinState.nominal(len(self.taxels))
        driven = [joint for joint in built.joints if joint.drive is not None]
        self.joints = tuple(joint.name for joint in driven)
        self._limit = np.array([joint.drive.torque for joint in driven if joint.drive is not None])
        names = unit.places.names["joint"]
        self._constant = 1.0 + unit["torque_constant"][[names.index(name) for name in self.joints]]
        self._encoder = EncoderError.of(unit, self.joints)
        self.qpos = np.array([model.joint(name).qposadr[0] for name in self.joints], dtype=np.int64)
        self.dofs = np.array([model.joint(name).dofadr[0] for name in self.joints], dtype=np.int64)
        self.actuators = np.array([model.actuator(name).id for name in self.joints], dtype=np.int64)
        self.steps = round(TICK / model.opt.timestep)
        self._couplings = [
            (model.joint(j.name).qposadr[0], self.joints.index(j.follow.joint), j.follow.gain)
            for j in built.joints
            if j.follow is not None
        ]
        self._commands: deque[JointCommand] = deque()
        self._ticks = 0
        self._felt, self._sheared = np.zeros(len(self.taxels)), np.zeros((len(self.shapes), 3))
        self._slid = np.zeros(len(self.shapes))

    def put(self, place: Floats, turn: Floats, angle: Floats) -> HandObservation:
        """Begin with the palm at `place` (3,) [m], axes `turn` (3, 3), joints at true angles (J,) [rad]."""
        data = self.data
        data.qpos[self.qpos] = angle
        for at, leader, gain in self._couplings:
            data.qpos[at] = gain * angle[leader]
        quaternion = np.empty(4)
        mujoco.mju_mat2Quat(quaternion, np.ascontiguousarray(turn).ravel())
        address = self.model.joint("root").qposadr[0]
        data.qpos[address : address + 3], data.qpos[address + 3 : address + 7] = place, quaternion
        self.move(place, turn)
        mujoco.mj_forward(self.model, data)
        return self._observe()

    def move(self, place: Floats, turn: Floats) -> None:
        """Where the carriage is to hold the palm from now on."""
        quaternion = np.empty(4)
        mujoco.mju_mat2Quat(quaternion, np.ascontiguousarray(turn).ravel())
        self.data.mocap_pos[0], self.data.mocap_quat[0] = place, quaternion

    @property
    def time(self) -> float:
        """Simulated seconds."""
        return float(self.data.time)

    def step(self, command: JointCommand) -> HandObservation:
        """One tick with a command; what the sensors said shortly before its end."""
        data, model, limit = self.data, self.model, self._limit
        seen: HandObservation | None = None
        for step in range(self.steps):
            angle, speed = data.qpos[self.qpos], data.qvel[self.dofs]
            read = angle + self._encoder.at(angle)
            if step == self.steps - _READING_STEPS:
                seen = self._observe()
            self._commands.append(command)
            now = self._commands.popleft() if len(self._commands) > _COMMAND_STEPS else self._commands[0]
            wanted = now.torque + now.kp * (now.angle - read) + now.kd * (now.speed - speed)
            data.ctrl[self.actuators] = np.clip(wanted, -limit, limit) * self._constant
            mujoco.mj_step(model, data)
        assert seen is not None
        return seen

    def _observe(self) -> HandObservation:
        data, rng = self.data, self.rng
        angle = data.qpos[self.qpos]
        noise = rng.standard_normal((3, len(angle)))
        fresh = self._ticks % FEEL == 0
        if fresh:
            self._felt = self._skin.read(self.taxels, self._field.read(self.model, data), rng).force
            shear, slide = self._shear.read(self.model, data)
            self._sheared = shear + SHEAR_NOISE * rng.standard_normal(shear.shape)
            self._slid = slide + SLIDE_NOISE * rng.standard_normal(slide.shape)
        self._ticks += 1
        torque = data.actuator_force[self.actuators] / self._constant
        return HandObservation(
            self.time,
            angle + self._encoder.at(angle) + self._encoder.noise * noise[0],
            data.qvel[self.dofs] + _SPEED_NOISE * noise[1],
            torque + CURRENT_NOISE * self._limit * noise[2],
            self._felt,
            self._sheared,
            self._slid,
            fresh,
        )
