"""A pack under a course of power: simulation, what it gives, and how long a pack lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ironworks.product.battery.pack import Pack, PackState
from ironworks.product.battery.step import LimitKind, PackStep, Refused, step_power

__all__ = ["End", "PackTrace", "endurance", "simulate", "until_refused"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class End:
    """Why a simulation ended: at the end of its profile, or at a limit, with the group that set it."""

    kind: Literal["profile", LimitKind]
    group: int | None
    """In series, from 0; None where it is the pack or the profile."""
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class PackTrace:
    """What a pack did, N steps of `dt` [s] with S groups in series; N is the profile's length unless a limit came."""

    dt: float
    current: Floats
    """Of the pack over each step, positive in discharge [A], (N,)"""
    group_voltage: Floats
    """At the end of each step, under its current [V], (N, S)"""
    soc: Floats
    """Charge of each group at the end of each step, 0..1, (N, S)"""
    cell_temperature: Floats
    """Of the hottest cell at the end of each step [K], (N,)"""
    case_temperature: Floats
    """At the end of each step [K], (N,)"""
    electrical: Floats
    """Energy given to the outside in each step, negative in charge [J], (N,)"""
    chemical: Floats
    """Energy taken from the cells' charge in each step [J], (N,)"""
    heat: Floats
    """In each step [J], (N,)"""
    refused: Floats
    """Energy offered in each step that the limits of charge did not let in [J], (N,)"""
    last: PackState
    """State after the last step."""
    end: End

    @property
    def time(self) -> Floats:
        """Ends of the steps [s], (N,)."""
        return self.dt * np.arange(1.0, len(self.current) + 1.0)

    @property
    def voltage(self) -> Floats:
        """Of the pack at the end of each step [V], (N,)."""
        out: Floats = self.group_voltage.sum(axis=1)
        return out

    @property
    def energy(self) -> float:
        """Given to the outside in all [J]."""
        return float(self.electrical.sum())

    @property
    def imbalance(self) -> float:
        """What is missing between chemical energy, electrical energy and heat, over the energy that passed [-]."""
        passed = float(np.abs(self.chemical).sum())
        return float((self.chemical - self.electrical - self.heat).sum()) / passed if passed else 0.0


def simulate(
    pack: Pack, power_profile: ArrayLike, dt: float, ambient: float = 298.15, soc0: float | PackState = 1.0
) -> PackTrace:
    """Run a pack through a profile of power [W], (T,), each held for dt [s], at an ambient temperature [K].

    Begins at rest with the charge `soc0` in every cell, or in a state. Negative power charges; what the limits of
    charge do not let in is in `refused`. Ends early where a power cannot be delivered: `end` says why.
    """
    profile = np.asarray(power_profile, dtype=float)
    if profile.ndim != 1 or not profile.size:
        raise ValueError(f"power_profile needs shape (T,) with T of 1 or more, has {profile.shape}")
    if not np.isfinite(profile).all():
        bad = int(np.flatnonzero(~np.isfinite(profile))[0])
        raise ValueError(f"power_profile[{bad}] is {profile[bad]}: every power must be finite")
    state = soc0 if isinstance(soc0, PackState) else pack.at_rest(soc0, ambient)
    steps: list[PackStep] = []
    soc: list[Floats] = []
    end = End("profile", None, f"end of the profile after {profile.size * dt:g} s")
    for k, power in enumerate(profile.tolist()):
        try:
            step = step_power(pack, state, power, dt, ambient)
        except Refused as why:
            end = End(why.kind, why.group, f"after {k * dt:g} s: {why}")
            break
        state = step.state
        steps.append(step)
        soc.append(pack.group_soc(state))
    groups = (len(steps), pack.series)
    electrical, offered = np.array([s.electrical for s in steps]), profile[: len(steps)] * dt
    return PackTrace(
        dt=dt,
        current=np.array([s.current for s in steps]),
        group_voltage=np.array([s.group_voltage for s in steps]).reshape(groups),
        soc=np.array(soc).reshape(groups),
        cell_temperature=np.array([s.state.cell_temperature.max() for s in steps]),
        case_temperature=np.array([s.state.case_temperature for s in steps]),
        electrical=electrical,
        chemical=np.array([s.chemical for s in steps]),
        heat=np.array([s.heat for s in steps]),
        refused=np.where(offered < 0, np.maximum(electrical - offered, 0.0), 0.0),
        last=state,
        end=end,
    )


def endurance(
    pack: Pack, power: float, ambient: float = 298.15, soc0: float | PackState = 1.0, dt: float = 30.0
) -> float:
    """How long [s] a pack delivers a constant power [W] at an ambient temperature [K], to a thousandth of `dt` [s].

    Raises Refused where it cannot deliver it at all.
    """
    if not power > 0:
        raise ValueError(f"endurance needs a power above 0 W, is {power}")
    state = soc0 if isinstance(soc0, PackState) else pack.at_rest(soc0, ambient)
    step_power(pack, state, power, min(dt, 1e-3), ambient)
    return until_refused(state, dt, lambda now, length: step_power(pack, now, power, length, ambient))[0]


def until_refused(
    state: PackState, dt: float, advance: Callable[[PackState, float], PackStep]
) -> tuple[float, float, float, Refused]:
    """Step until a limit: time [s], charge [A s] and energy [J] until then, and the limit.

    Near the limit the step is halved to a thousandth of `dt` [s].
    """
    time = charge = energy = 0.0
    length = dt
    while True:
        try:
            step = advance(state, length)
        except Refused as why:
            if length < dt / 1000.0:
                return time, charge, energy, why
            length /= 2.0
            continue
        state, time = step.state, time + length
        charge, energy = charge + step.current * length, energy + step.electrical
