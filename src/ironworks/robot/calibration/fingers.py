"""Zero offsets of fingers from their stops and from where the thumb meets them; stops, rings and lengths with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ironworks.product.design import Design, Mass
from ironworks.robot.asbuilt import Population, Unit
from ironworks.robot.calibration.estimate import Estimate, maximum_a_posteriori
from ironworks.robot.calibration.finger_bench import FELT, Fingered, feel_fingers
from ironworks.robot.calibration.finger_programme import FingerProgramme, finger_programmes_of
from ironworks.robot.calibration.hand_model import HandModel
from ironworks.robot.encoder_error import ORDERS, SHARES, EncoderError

__all__ = ["FingerLayout", "Fingers", "HandFound", "identify_fingers", "identify_hand"]

Floats = NDArray[np.float64]
_WAVES = 2 * len(ORDERS)


@dataclass(frozen=True, eq=False)
class FingerLayout:
    """Parameters of a hand: offsets (J,), cosines and sines of rings (J, 6), stops (J, 2) [rad]; lengths (L, 3) [m].

    A stop is the one that ends the joint's way, its own or a coupled joint's, less `stop_mean` (J, 2): where, on the
    average of all units, the nearer of the two lies.
    """

    joints: tuple[str, ...]
    links: tuple[str, ...]
    names: tuple[str, ...]
    prior: Floats
    stop_mean: Floats

    def split(self, values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Offsets, waves, stops and lengths, in their shapes."""
        n = len(self.joints)
        offset, waves, stops, lengths = np.split(values, np.cumsum([n, _WAVES * n, 2 * n]))
        return offset, waves.reshape(n, _WAVES), stops.reshape(n, 2), lengths.reshape(-1, 3)

    def encoder(self, values: Floats) -> EncoderError:
        """The encoders' errors that the parameters mean."""
        offset, waves, _, _ = self.split(values)
        both = waves.reshape(-1, len(ORDERS), 2)
        return EncoderError(offset, both[:, :, 0], both[:, :, 1])


@dataclass(frozen=True, eq=False)
class HandFound:
    """What was found of one hand; `programme` and `measured` are what it was found with."""

    programme: FingerProgramme
    measured: Fingered
    layout: FingerLayout
    estimate: Estimate

    @property
    def name(self) -> str:
        """Of the palm."""
        return self.programme.model.hand.name

    def put_into(self, unit: Unit) -> None:
        """Write what was found into a unit's deviations (of a unit made for it, in place)."""
        layout, places, model = self.layout, unit.places.names, self.programme.model
        offset, waves, stops, lengths = layout.split(self.estimate.values)
        rows = [places["joint"].index(name) for name in layout.joints]
        unit.values["zero_offset"][rows, 0] = offset
        unit.values["encoder_accuracy"][rows] = waves / np.repeat(np.sqrt(SHARES), 2)
        ends = layout.stop_mean + stops
        limits = {joint.name: joint for joint in model.hand.limb.joints}
        own = np.array([[limits[name].low, limits[name].high] for name in layout.joints])
        unit.values["stop_angle"][rows] = ends - own
        for joint in limits.values():
            if joint.follow is None or joint.follow.joint not in layout.joints:
                continue
            # Which of two stops ends a way does not show: a coupled joint's is taken to lie no nearer.
            low, high = np.sort(joint.follow.gain * ends[layout.joints.index(joint.follow.joint)])
            row = places["joint"].index(joint.name)
            unit.values["stop_angle"][row] = min(low - joint.low, 0.0), max(high - joint.high, 0.0)
        unit.values["link_length"][[places["link"].index(name) for name in layout.links]] = lengths


@dataclass(frozen=True, eq=False)
class Fingers:
    """What was found of all hands of a unit; none where its design has none."""

    hands: tuple[HandFound, ...] = ()

    def put_into(self, unit: Unit) -> None:
        """Write what was found into a unit's deviations (of a unit made for it, in place)."""
        for hand in self.hands:
            hand.put_into(unit)


def identify_fingers(
    design: Design,
    masses: Mapping[str, Mass],
    unit: Unit,
    population: Population,
    rng: np.random.Generator,
    *,
    programmes: Sequence[FingerProgramme] | None = None,
) -> Fingers:
    """Put each hand of a unit on its bench and find its joints' offsets; `programmes` are those of the design.

    `population` gives the priors, `rng` the noise. Programmes cost more than all the rest: make them once for a design.
    """
    if programmes is None:
        programmes = finger_programmes_of(design, masses)
    return Fingers(tuple(identify_hand(one, population, feel_fingers(one, masses, unit, rng)) for one in programmes))


def identify_hand(programme: FingerProgramme, population: Population, measured: Fingered) -> HandFound:
    """The most probable offsets, rings, stops and lengths given the readings at stops and meetings."""
    layout = _layout(programme.model, population)
    model = _Model(programme, layout, measured)
    return HandFound(programme, measured, layout, maximum_a_posteriori(layout.names, layout.prior, model, iterations=3))


def _layout(model: HandModel, population: Population) -> FingerLayout:
    places, scale = population.places.names, population.scale
    rows = [places["joint"].index(name) for name in model.joints]
    links = [places["link"].index(name) for name in model.links]
    mean, deviation = _stops(model, population)
    accuracy = scale * population.spread("encoder_accuracy")[rows]
    prior = [scale * population.spread("zero_offset")[rows], np.outer(accuracy, np.repeat(np.sqrt(SHARES), 2)).ravel()]
    prior += [deviation.ravel(), scale * np.repeat(population.spread("link_length")[links], 3)]
    names = [f"{name}.offset" for name in model.joints]
    names += [f"{name}.{wave}{order:.0f}" for name in model.joints for order in ORDERS for wave in ("cosine", "sine")]
    names += [f"{name}.{end}_stop" for name in model.joints for end in ("lower", "upper")]
    names += [f"{name}.{axis}" for name in model.links for axis in "xyz"]
    # What does not spread at all is known; a spread of a billionth keeps the equations of one shape.
    whole = np.maximum(np.concatenate(prior), 1e-12)
    return FingerLayout(model.joints, model.links, tuple(names), whole, mean)


def _stops(model: HandModel, population: Population) -> tuple[Floats, Floats]:
    """Mean and standard deviation (J, 2) [rad] of where ways end, a coupled joint's stops included.

    The larger of two normals is not normal; its first two moments are (C. E. Clark, The greatest of a finite set of
    random variables, Operations Research 9, 1961).
    """
    names = population.places.names["joint"]
    spread = population.scale * population.spread("stop_angle")
    mean, deviation = np.zeros((len(model.joints), 2)), np.zeros((len(model.joints), 2))
    for joint in model.hand.limb.joints:
        sigma = float(spread[names.index(joint.name)]) if joint.name in names else 0.0
        if joint.drive is not None:
            at = model.joints.index(joint.name)
            mean[at], deviation[at] = [joint.low, joint.high], sigma
    for joint in model.hand.limb.joints:
        follow = joint.follow
        if follow is None or follow.joint not in model.joints:
            continue
        at, sigma = model.joints.index(follow.joint), float(spread[names.index(joint.name)]) / abs(follow.gain)
        ends = sorted((joint.low / follow.gain, joint.high / follow.gain))
        mean[at, 0], deviation[at, 0] = _larger(mean[at, 0], deviation[at, 0], ends[0], sigma)
        above, deviation[at, 1] = _larger(-mean[at, 1], deviation[at, 1], -ends[1], sigma)
        mean[at, 1] = -above
    return mean, deviation


def _larger(one: float, sigma: float, other: float, tau: float) -> tuple[float, float]:
    """Mean and standard deviation of the larger of two independent normals."""
    apart = float(np.hypot(sigma, tau))
    if apart == 0.0:
        return max(one, other), 0.0
    z = (one - other) / apart
    here, density = float(special.ndtr(z)), float(np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))
    mean = one * here + other * (1.0 - here) + apart * density
    square = (one**2 + sigma**2) * here + (other**2 + tau**2) * (1.0 - here) + (one + other) * apart * density
    return mean, float(np.sqrt(max(square - mean**2, 0.0)))


class _Model:
    """Whitened residuals of stops and meetings, and their derivative by the parameters."""

    def __init__(self, programme: FingerProgramme, layout: FingerLayout, measured: Fingered) -> None:
        self.programme, self.layout, self.measured = programme, layout, measured
        self.homed = np.isfinite(measured.stops)

    def __call__(self, values: Floats) -> tuple[Floats, Floats]:
        at_stops, by_stops = self._at_stops(values)
        at_meetings, by_meetings = self._at_meetings(values)
        return np.concatenate([at_stops, at_meetings]), np.concatenate([by_stops, by_meetings])

    def _at_stops(self, values: Floats) -> tuple[Floats, Floats]:
        layout, count = self.layout, len(self.layout.joints)
        ends = layout.stop_mean + layout.split(values)[2]
        encoder = layout.encoder(values)
        residuals = np.zeros((count, 2))
        slope = np.zeros((count, 2, len(values)))
        for side in range(2):
            at = ends[:, side]
            residuals[:, side] = self.measured.stops[:, side] - at - encoder.at(at)
            for j, waves in enumerate(_waves(at)):
                slope[j, side, j] = -1.0
                slope[j, side, count + _WAVES * j : count + _WAVES * (j + 1)] = -waves
                slope[j, side, (1 + _WAVES) * count + 2 * j + side] = -1.0 - _steepness(encoder, at)[j]
        doubt = self.measured.doubt[self.homed]
        return residuals[self.homed] / doubt, slope[self.homed] / doubt[:, None]

    def _at_meetings(self, values: Floats) -> tuple[Floats, Floats]:
        layout, model = self.layout, self.programme.model
        lengths = layout.split(values)[3]
        encoder = layout.encoder(values)
        residuals, slopes = [], []
        for meeting, reading in zip(self.programme.meetings, self.measured.felt, strict=True):
            if not np.isfinite(reading).all():
                continue
            angles = reading
            for _ in range(3):
                angles = reading - encoder.at(angles)
            model.pose(angles, lengths)
            gap = model.gap(meeting.finger)
            if gap is None:
                continue
            # A larger error of the reading means a smaller angle.
            mine = -gap.by_angle / (1.0 + _steepness(encoder, angles))
            stops = np.zeros(2 * len(mine))
            slopes.append(
                np.concatenate([mine, (mine[:, None] * _waves(angles)).ravel(), stops, gap.by_length.ravel()])
            )
            residuals.append(gap.distance)
        count = len(residuals)
        return np.array(residuals) / FELT, np.array(slopes).reshape(count, len(values)) / FELT


def _waves(angles: Floats) -> Floats:
    """Derivative of the encoders' error by their cosines and sines, order by order (J, 6)."""
    phase = angles[:, None] * ORDERS
    return np.stack([np.cos(phase), np.sin(phase)], axis=-1).reshape(len(angles), _WAVES)


def _steepness(encoder: EncoderError, angles: Floats) -> Floats:
    """Derivative of the encoders' error by the angle (J,)."""
    phase = angles[:, None] * ORDERS
    return np.asarray((ORDERS * (encoder.sine * np.cos(phase) - encoder.cosine * np.sin(phase))).sum(axis=1))
