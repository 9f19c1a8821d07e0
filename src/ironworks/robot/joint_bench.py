"""Single joints on a bench, with the play of their gears: rotor, gear as a spring with a dead zone, link.

A robot's model has no play (it would double its degrees of freedom); here N joints move side by side as two masses
each. `reversal` gives the loop of torque over twist that a dynamometer sees, `identify` reads stiffness, friction and
backlash from such a loop.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ironworks.product.design import Drive

__all__ = ["GearEstimate", "JointRig", "LoopTrace", "RigState", "identify", "reversal"]

Floats = NDArray[np.float64]

GEAR_DAMPING = 0.1
"""Damping ratio of a rotor on its gear while the flanks touch; an assumption that lets impacts die out."""
STEPS_PER_SWING = 60
"""Steps in a period of the stiffest rotor on its gear."""


@dataclass(frozen=True, eq=False)
class JointRig:
    """N joints, all quantities at the joint, arrays (N,)."""

    rotor_inertia: Floats
    """[kg m2]"""
    link_inertia: Floats
    """[kg m2]"""
    stiffness: Floats
    """Of the gear [N m/rad]"""
    backlash: Floats
    """From flank to flank [rad]"""
    friction: Floats
    """[N m], on the rotor"""
    damping: Floats
    """[N m s/rad], on the rotor"""
    torque: Floats
    """The most that the drive gives [N m]"""

    @classmethod
    def of(cls, drives: Sequence[Drive], link_inertia: ArrayLike = 1.0) -> JointRig:
        """Drives as designed, each with a link of an inertia [kg m2]."""
        columns = {
            "rotor_inertia": "armature",
            "stiffness": "stiffness",
            "backlash": "backlash",
            "friction": "friction",
            "damping": "damping",
            "torque": "torque",
        }
        arrays = {name: np.array([getattr(d, column) for d in drives]) for name, column in columns.items()}
        return cls(link_inertia=np.broadcast_to(np.asarray(link_inertia, dtype=float), len(drives)), **arrays)

    @property
    def timestep(self) -> float:
        """Short enough for the fastest swing of rotor and link on their gear [s]."""
        fastest = np.sqrt(self.stiffness * (1.0 / self.rotor_inertia + 1.0 / self.link_inertia)).max()
        return float(2.0 * math.pi / fastest / STEPS_PER_SWING)

    @property
    def gear_damping(self) -> Floats:
        """Between the flanks while they touch [N m s/rad], (N,)."""
        out: Floats = 2.0 * GEAR_DAMPING * np.sqrt(self.stiffness * self.rotor_inertia)
        return out

    def gear_torque(self, state: RigState) -> Floats:
        """What the gear passes from rotor to link [N m], (N,); flanks push and never pull."""
        twist = state.rotor - state.link
        side = np.sign(twist)
        pressed = np.abs(twist) - 0.5 * self.backlash
        push = self.stiffness * pressed + self.gear_damping * side * (state.rotor_speed - state.link_speed)
        out: Floats = np.where(pressed > 0.0, side * np.maximum(push, 0.0), 0.0)
        return out

    def advance(
        self, state: RigState, motor: Floats, load: Floats, seconds: float, *, clamped: bool = False
    ) -> RigState:
        """One step under torques of motor and load [N m], (N,); `clamped`: the link is held."""
        gear = self.gear_torque(state)
        rotor_speed = state.rotor_speed + seconds / self.rotor_inertia * (
            motor - gear - self.damping * state.rotor_speed
        )
        # Dry friction takes speed away, at most all of it.
        slowed = np.abs(rotor_speed) - seconds * self.friction / self.rotor_inertia
        rotor_speed = np.sign(rotor_speed) * np.maximum(slowed, 0.0)
        link_speed = state.link_speed * 0.0
        if not clamped:
            link_speed = state.link_speed + seconds / self.link_inertia * (gear + load)
        return RigState(state.rotor + seconds * rotor_speed, rotor_speed, state.link + seconds * link_speed, link_speed)


@dataclass(frozen=True, slots=True, eq=False)
class RigState:
    """Angles [rad] and speeds [rad/s] of rotors (seen at the joint) and links, (N,)."""

    rotor: Floats
    rotor_speed: Floats
    link: Floats
    link_speed: Floats

    @classmethod
    def at_rest(cls, count: int) -> RigState:
        """N joints at 0, in the middle of their play."""
        return cls(*(np.zeros(count) for _ in range(4)))


@dataclass(frozen=True, slots=True, eq=False)
class LoopTrace:
    """One cycle of torque from its peak through the other peak and back, link clamped; M samples, N joints."""

    motor: Floats
    """Torque of the motor [N m], (M, N)"""
    gear: Floats
    """Torque in the gear [N m], (M, N)"""
    twist: Floats
    """Rotor against link [rad], (M, N)"""

    @property
    def width(self) -> Floats:
        """Twist from one peak to the other [rad], (N,): backlash + 2 (peak - friction) / stiffness."""
        out: Floats = self.twist.max(axis=0) - self.twist.min(axis=0)
        return out


def reversal(rig: JointRig, share: float = 0.5, seconds: float = 4.0, samples: int = 400) -> LoopTrace:
    """Take each motor slowly from `share` of its torque to the opposite and back, the link clamped.

    seconds: of the cycle; the faster, the more damping adds to friction. Raises ValueError for a
    share outside 0..1 or fewer than 8 samples.
    """
    if not 0.0 < share <= 1.0 or samples < 8:
        raise ValueError(f"a reversal needs a share within 0..1 and 8 samples, has {share} and {samples}")
    count = rig.torque.size
    steps = math.ceil(seconds / rig.timestep / samples)
    dt = seconds / samples / steps
    state, peak = RigState.at_rest(count), share * rig.torque
    zero = np.zeros(count)
    # A quarter cycle from rest to the peak comes first and is not kept.
    for k in range(samples * steps // 4):
        state = rig.advance(state, peak * (4.0 * k / (samples * steps)), zero, dt, clamped=True)
    motor, gear, twist = [], [], []
    for m in range(samples + 1):
        now = peak * _triangle(m / samples)
        motor.append(now)
        gear.append(rig.gear_torque(state))
        twist.append(state.rotor - state.link)
        for k in range(steps):
            at = (m + k / steps) / samples
            state = rig.advance(state, peak * _triangle(at), zero, dt, clamped=True)
    return LoopTrace(np.array(motor), np.array(gear), np.array(twist))


def _triangle(phase: float) -> float:
    """1 at 0 and at 1, -1 at one half."""
    return abs(4.0 * (phase % 1.0) - 2.0) - 1.0


@dataclass(frozen=True, slots=True)
class GearEstimate:
    """What a loop says of a joint: stiffness [N m/rad], friction [N m], backlash [rad]."""

    stiffness: float
    friction: float
    backlash: float


def identify(motor: Floats, twist: Floats, low: float = 0.3, high: float = 0.7) -> GearEstimate:
    """Least squares over a loop of motor torque [N m], (M,), and twist [rad], (M,), in the order of time.

    torque = stiffness (twist - side backlash / 2) + way friction, on the samples with |torque| between `low` and `high`
    of the peak: nearer to 0 is the play, nearer to the peak the rotor sticks for twice the friction, which must be less
    than 1 - high of the peak. Raises ValueError for fewer than 12 such samples.
    """
    size = np.abs(motor) / np.abs(motor).max()
    way = np.sign(np.gradient(motor))
    use = (size > low) & (size < high) & (way != 0.0)
    if use.sum() < 12:
        raise ValueError(f"a loop needs 12 samples between {low:g} and {high:g} of its peak, has {int(use.sum())}")
    columns = np.stack([twist[use], way[use], -np.sign(motor[use])], axis=1)
    # Twists are some 1e-4 of torques: scaled, the columns weigh alike.
    scale = np.abs(columns).max(axis=0)
    found = np.linalg.lstsq(columns / scale, motor[use], rcond=None)[0] / scale
    return GearEstimate(float(found[0]), float(found[1]), float(2.0 * found[2] / found[0]))
