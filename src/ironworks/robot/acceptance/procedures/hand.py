"""One hand on its bench: fingers home on their stops, coupled ones follow, the thumb meets each finger, tips press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import mujoco
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.procedures.as_designed import as_designed
from ironworks.robot.asbuilt import Unit
from ironworks.robot.hand_bench import stiffen
from ironworks.robot.hand_design import Hand, hands_of
from ironworks.robot.rig import Rig

__all__ = ["HandTest"]

Floats = NDArray[np.float64]

#: Seconds of a way to the stops and there, share of torque, how far beyond the stop the target lies [rad]: farther than
#: an encoder is off that slipped, or its finger would not reach the stop.
_WAY, _STAY, _SHARE, _HOMING = 0.6, 0.25, 0.1, 0.45
#: Distance of the tips' middles as pads meet [m]; a marker's place [m] and angle [rad] as seen by the bench's cameras,
#: means of some ten pictures.
_PADS, _MARKER, _GONIOMETER = 0.012, 5e-5, 1e-3
#: Postures from which the meeting is sought.
_TRIES = 8
#: Seconds to a posture, and to press; share of the torque; how far beyond the plate the target lies [rad]; load cell's
#: gain and noise [N].
_MOVE, _PRESS, _FORCE_SHARE, _BEYOND, _CELL_GAIN, _CELL_NOISE = 0.35, 0.25, 0.5, 0.2, 0.005, 0.05


@dataclass(frozen=True, eq=False)
class _Found:
    """What one hand showed: rows of (read, true) by measurement, in the order of its places."""

    range: Floats
    offset: Floats
    follow: Floats
    meeting: Floats
    force: Floats


class HandTest:
    """All joints of each hand against their stops, opposition, and force at the tips; what is homed is then used."""

    name = "hand"
    item = "hand"
    minutes = 10.0
    measurements = (
        Measurement("finger_range", Limits(-3.0, 2.5, "deg"), description="between stops against the design"),
        Measurement("finger_offset", Limits(-5.0, 5.0, "deg"), description="of an encoder, as both stops show it"),
        Measurement(
            "coupled_follow", Limits(None, 1.2, "deg"), description="of a coupled joint from its driver's angle"
        ),
        Measurement("opposition", Limits(None, 2.8, "mm"), description="by which the thumb misses a finger's tip"),
        Measurement("tip_force", Limits(-13.0, 13.0, "percent"), description="on a plate, against the design"),
    )
    catches = ("bent_stop", "slipped_encoder")
    sees = (
        "link_length",
        "link_mass",
        "centre_of_mass",
        "zero_offset",
        "encoder_accuracy",
        "torque_constant",
        "friction",
        "damping",
        "stop_angle",
    )

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of the driven joints, coupled joints and fingers of every hand."""
        places: dict[str, list[str]] = {one.name: [] for one in self.measurements}
        rows: dict[str, list[Floats]] = {one.name: [] for one in self.measurements}
        rng = specimen.rng(self.name)
        for hand in as_designed("hands", specimen, lambda unit: hands_of(specimen.design, specimen.masses)):
            found, names = _test(specimen, hand, specimen.unit, rng)
            wanted, _ = as_designed(f"hand {hand.name}", specimen, partial(_nominal, specimen, hand))
            meeting = np.linalg.norm(found.meeting - wanted.meeting[:, 1:], axis=2)
            for name, values in (
                ("finger_range", np.degrees(found.range)),
                ("finger_offset", np.degrees(found.offset)),
                ("coupled_follow", np.degrees(found.follow)),
                ("opposition", 1e3 * meeting),
                ("tip_force", 100.0 * (found.force / wanted.force[:, 1:] - 1.0)),
            ):
                rows[name].append(values)
                places[name] += names[name]
        stacked = {name: np.concatenate([np.zeros((0, 2)), *found]) for name, found in rows.items()}
        return {name: Readings(tuple(places[name]), both[:, 0], both[:, 1]) for name, both in stacked.items()}


def _nominal(specimen: Specimen, hand: Hand, unit: Unit) -> tuple[_Found, dict[str, list[str]]]:
    return _test(specimen, hand, unit, np.random.default_rng(0))


def _test(specimen: Specimen, hand: Hand, unit: Unit, rng: np.random.Generator) -> tuple[_Found, dict[str, list[str]]]:
    coupled = [name for finger in hand.fingers for name in finger.coupled]

    def pins(spec: mujoco.MjSpec) -> None:
        for finger in hand.fingers:
            # Between a tip and the bench; where the bench lies is said when a finger presses.
            spec.add_equality(
                name=f"pin {finger.last}", type=mujoco.mjtEq.mjEQ_CONNECT, objtype=mujoco.mjtObj.mjOBJ_BODY,
                name1=finger.last, active=False, data=[*finger.tip, *[0.0] * 9],
            )  # fmt: skip
        stiffen(spec, hand)

    rig = Rig(hand.limb, specimen.masses, unit, rng, spec_hook=pins)
    joints = {joint.name: joint for joint in hand.limb.joints}
    drivers = [joints[name].follow for name in coupled]
    low, high = rig.low, rig.high

    full = rig.model.actuator_forcerange.copy()
    rig.model.actuator_forcerange[:] = _SHARE * full
    offset, ranges = _home(rig)
    true_low, true_high = _stops(rig, coupled)
    ranges[:, 1] = true_high - true_low - (high - low)
    rig.model.actuator_forcerange[:] = full

    follow = np.zeros((len(coupled), 2))
    angles = np.array([rig.model.joint(name).qposadr[0] for name in coupled], dtype=np.int64)
    driving = [rig.joints.index(one.joint) for one in drivers if one is not None]
    gains = np.array([one.gain for one in drivers if one is not None])
    now = rig.data.qpos[rig.qpos] + rig.misread(rig.data.qpos[rig.qpos])
    checks = (0.1, 0.5, 0.9)
    for share in checks:
        target = low + share * (high - low) + offset
        record = rig.move(now, target, _MOVE, 0.1)
        now = target
        own = rig.data.qpos[angles]
        read = (
            own + _GONIOMETER * rng.normal(size=len(own)) - gains * (record.angle[-5:].mean(axis=0) - offset)[driving]
        )
        follow[:, 0] = np.maximum(follow[:, 0], np.abs(read))
        follow[:, 1] = np.maximum(follow[:, 1], np.abs(own - gains * record.true_angle[-1][driving]))

    meeting = []
    partners = [k for k in range(len(hand.fingers)) if k != hand.thumb] if hand.thumb is not None else []
    for k in partners:
        posture = as_designed(f"meet {hand.name} {k}", specimen, partial(_meet, specimen, hand, k))
        record = rig.move(now, posture + offset, _MOVE, 0.15)
        now = posture + offset
        apart = _tip(rig, hand, k) - _tip(rig, hand, hand.thumb or 0)
        meeting.append([apart + _MARKER * rng.normal(size=3), apart])

    force = _press(rig, hand, now, offset, rng)
    names = {
        "finger_range": list(rig.joints),
        "finger_offset": list(rig.joints),
        "coupled_follow": coupled,
        "opposition": [hand.fingers[k].last for k in partners],
        "tip_force": [finger.last for finger in hand.fingers],
    }
    own = [unit.places.names["joint"].index(name) for name in rig.joints]
    offsets = np.stack([offset, unit["zero_offset"][own]], axis=1)
    return _Found(ranges, offsets, follow, np.array(meeting).reshape(-1, 2, 3), force), names


def _home(rig: Rig) -> tuple[Floats, Floats]:
    """Zero offsets (J,) as the stops show them, and ranges less the design's (J, 2), of which the first is read."""
    low, high = rig.low, rig.high
    middle = 0.5 * (low + high)
    rig.rest(middle)
    start = middle + rig.misread(middle)
    ends = []
    for end in (low - _HOMING, high + _HOMING):
        record = rig.move(start, end, _WAY, _STAY)
        start = end
        ends.append(record.angle[-8:].mean(axis=0))
    ranges = np.zeros((len(low), 2))
    ranges[:, 0] = ends[1] - ends[0] - (high - low)
    return 0.5 * (ends[0] - low + ends[1] - high), ranges


def _stops(rig: Rig, coupled: list[str]) -> tuple[Floats, Floats]:
    """True ends (J,) [rad] of the driven joints: their own stops, or those of what they drive."""
    built = {joint.name: joint for joint in rig.built.joints}
    low = np.array([built[name].low for name in rig.joints])
    high = np.array([built[name].high for name in rig.joints])
    for name in coupled:
        follow = built[name].follow
        assert follow is not None
        i = rig.joints.index(follow.joint)
        ends = sorted((built[name].low / follow.gain, built[name].high / follow.gain))
        low[i], high[i] = max(low[i], ends[0]), min(high[i], ends[1])
    return low, high


def _tip(rig: Rig, hand: Hand, k: int) -> Floats:
    body = rig.data.body(hand.fingers[k].last)
    return np.asarray(body.xpos + body.xmat.reshape(3, 3) @ hand.fingers[k].tip)


def _meet(specimen: Specimen, hand: Hand, k: int, unit: Unit) -> Floats:
    """Angles (J,) at which, by design, the thumb's tip lies a pad's thickness from that of finger k."""
    rig = Rig(hand.limb, specimen.masses, unit, np.random.default_rng(0))
    thumb = hand.thumb or 0
    moved = [rig.joints.index(name) for i in (thumb, k) for name in hand.fingers[i].joints]
    low, high = rig.low[moved] + 0.03, rig.high[moved] - 0.03
    coupled = [(joint.name, joint.follow) for joint in hand.limb.joints if joint.follow is not None]
    qpos = {joint.name: rig.model.joint(joint.name).qposadr[0] for joint in hand.limb.joints}
    own = np.array([qpos[name] for name, _ in coupled], dtype=np.int64)
    driver = np.array([qpos[follow.joint] for _, follow in coupled], dtype=np.int64)
    gains = np.array([follow.gain for _, follow in coupled])

    def miss(angles: Floats) -> Floats:
        pose = rig.stand.copy()
        pose[moved] = angles
        rig.data.qpos[rig.qpos] = pose
        rig.data.qpos[own] = gains * rig.data.qpos[driver]
        mujoco.mj_kinematics(rig.model, rig.data)
        gap = np.linalg.norm(_tip(rig, hand, k) - _tip(rig, hand, thumb)) - _PADS
        # A light hand: near the middle of the ranges where there is a choice.
        return np.array([1e3 * gap, *(0.05 * (angles - 0.5 * (low + high)))])

    tries = np.random.default_rng(3).uniform(0.2, 0.9, (_TRIES, len(low)))
    best = None
    for share in tries:
        found = least_squares(miss, low + share * (high - low), bounds=(low, high), xtol=1e-5, max_nfev=40)
        best = found if best is None or found.cost < best.cost else best
        # The first posture that meets to a tenth of a millimetre will do.
        if abs(best.fun[0]) < 0.1:
            break
    pose = rig.stand.copy()
    assert best is not None
    pose[moved] = best.x
    return pose


def _press(rig: Rig, hand: Hand, now: Floats, offset: Floats, rng: np.random.Generator) -> Floats:
    """Force [N] of each tip on a plate (F, 2), read and true, along the way that its joints move it; below 0 it pulls.

    The last three joints press with a limited current, any others hold: so the force follows from statics.
    """
    model, data = rig.model, rig.data
    posture = rig.low + 0.35 * (rig.high - rig.low) + offset
    rig.move(now, posture, _MOVE, 0.1)
    target, ways = posture.copy(), []
    full = model.actuator_forcerange.copy()
    jacobian = np.zeros((3, model.nv))
    for k, finger in enumerate(hand.fingers):
        pin = model.equality(f"pin {finger.last}").id
        model.eq_data[pin, 3:6] = _tip(rig, hand, k)
        data.eq_active[pin] = 1
        mujoco.mj_jac(model, data, jacobian, None, _tip(rig, hand, k), model.body(finger.last).id)
        moves = _through(rig, hand, jacobian, finger.joints[-3:])
        along = moves / np.linalg.norm(moves, axis=0)
        way = (along * np.sign(along.T @ along[:, -1])).sum(axis=1)
        way /= np.linalg.norm(way)
        rows = [rig.joints.index(name) for name in finger.joints[-3:]]
        torque = way @ moves
        torque *= _FORCE_SHARE / np.abs(torque / rig.limit[rows]).max()
        model.actuator_forcerange[rows] = full[rows] * (np.abs(torque) / rig.limit[rows])[:, None]
        target[rows] += np.sign(torque) * _BEYOND
        ways.append(way)
    rig.follow(np.tile(target, (round(_PRESS / rig.tick), 1)))
    found = np.zeros((len(hand.fingers), 2))
    for k, finger in enumerate(hand.fingers):
        pin = model.equality(f"pin {finger.last}").id
        mine = (data.efc_type == mujoco.mjtConstraint.mjCNSTR_EQUALITY) & (data.efc_id == pin)
        # The pin holds the tip back: what it gives the tip is against the way that the tip presses.
        true = -float(data.efc_force[mine] @ ways[k])
        found[k] = true * (1.0 + _CELL_GAIN * rng.normal()) + _CELL_NOISE * rng.normal(), true
        data.eq_active[pin] = 0
    model.actuator_forcerange[:] = full
    return found


def _through(rig: Rig, hand: Hand, jacobian: Floats, joints: tuple[str, ...]) -> Floats:
    """How a tip moves with each driven joint of its finger, what follows the joint included (3, n)."""
    columns = []
    for name in joints:
        column = jacobian[:, rig.model.joint(name).dofadr[0]].copy()
        for other in hand.limb.joints:
            if other.follow is not None and other.follow.joint == name:
                column += other.follow.gain * jacobian[:, rig.model.joint(other.name).dofadr[0]]
        columns.append(column)
    return np.array(columns).T
