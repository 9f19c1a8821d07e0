"""Ageing: hours of work with winding and case of every joint at one-second steps; how well heat leaves the winding."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.procedures.as_designed import as_designed
from ironworks.robot.asbuilt import Unit
from ironworks.robot.joint_modules import JointModules
from ironworks.robot.motor_heat import COPPER, REFERENCE, continuous_torque

__all__ = ["ThermalSoak"]

Floats = NDArray[np.float64]

#: Hours, seconds of a step; load over the torque borne for ever: in the middle, and how far it goes up and down.
_HOURS, _STEP, _LOAD, _SWING = 4.0, 1.0, 0.65, 0.2
#: Course of the load: seconds of its slow and quick parts.
_SLOW, _QUICK = 600.0, 45.0
#: Case sensor's noise [K], its offset once zeroed in still air [K]; noise of the driver's resistance of the winding, a
#: share; assumptions.
_CASE_NOISE, _CASE_OFFSET, _OHM_NOISE = 0.3, 0.1, 0.003
_KEEP = 60
_AMBIENT = 298.15


class ThermalSoak:
    """The robot works against padded stops in a programme that loads each joint near what it bears for ever.

    The winding's temperature is its resistance, the case has a sensor; the load that the ageing programme puts on a
    joint is an assumption.
    """

    name = "thermal_soak"
    item = "robot"
    minutes = 240.0
    measurements = (
        Measurement(
            "thermal_resistance", Limits(None, 35.0, "percent"), description="of winding to case, beyond the design"
        ),
        Measurement(
            "winding_margin", Limits(20.0, None, "K"), description="from the hottest winding to the drive's limit"
        ),
    )
    catches = ("loose_winding",)
    sees = ("thermal_resistance", "torque_constant", "resistance")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every driven joint."""
        modules, rng = JointModules.of(specimen.design, specimen.unit), specimen.rng(self.name)
        count = len(modules)
        winding, case, loss, hottest = _heat(modules)
        designed, limit = modules.designed("winding_to_case"), modules.designed("winding_limit")
        # Resistance cold and hot by the same meter: its gain cancels, its noise stays.
        cold = 1.0 + COPPER * (_AMBIENT - REFERENCE)
        hot = (1.0 + COPPER * (winding - REFERENCE)) / cold * (1.0 + _OHM_NOISE * rng.normal(size=winding.shape))
        seen_winding = REFERENCE + (hot * cold - 1.0) / COPPER
        seen_case = case + _CASE_OFFSET * rng.normal(size=count) + _CASE_NOISE * rng.normal(size=case.shape)
        # Dissipated power by current and the warm resistance, over the settled second half.
        half = len(winding) // 2
        seen_loss = loss * (1.0 + 0.005 * rng.normal(size=count))
        resistance = (seen_winding - seen_case)[half:].mean(axis=0) / seen_loss[half:].mean(axis=0)
        # At the minute that the programme makes the hottest: the highest of noisy readings would lie too high.
        minute = as_designed(self.name, specimen, lambda unit: _hottest_minute(specimen, unit))
        seen_hottest = _smoothed(seen_winding[half:])[minute, np.arange(count)]
        shares = 100.0 * (resistance / designed - 1.0)
        true = 100.0 * (modules.winding_to_case / designed - 1.0)
        return {
            "thermal_resistance": Readings(modules.names, shares, true),
            "winding_margin": Readings(modules.names, limit - seen_hottest, limit - hottest),
        }


def _hottest_minute(specimen: Specimen, unit: Unit) -> NDArray[np.int64]:
    """The minute of the settled half in which each joint's winding is hottest (N,)."""
    winding, _, _, _ = _heat(JointModules.of(specimen.design, unit))
    return np.asarray(winding[len(winding) // 2 :].argmax(axis=0))


def _smoothed(seen: Floats) -> Floats:
    """Noisy minutes (M, N) [K] by least squares on the programme's own course.

    A running mean that is long enough to quieten them would flatten the waves of the load.
    """
    time = _KEEP * _STEP * np.arange(len(seen))
    # A slow warming that ends; the load's waves, of which the slow one heats with its square too.
    columns = [np.linspace(-1.0, 1.0, len(seen)) ** power for power in range(3)]
    columns += [
        wave(2.0 * np.pi * time / period) for period in (_SLOW, _SLOW / 2.0, _QUICK) for wave in (np.cos, np.sin)
    ]
    basis = np.stack(columns, axis=1)
    return np.asarray(basis @ np.linalg.lstsq(basis, seen, rcond=None)[0])


def _heat(modules: JointModules) -> tuple[Floats, Floats, Floats, Floats]:
    """Temperatures of windings and cases [K] and losses [W], means of each minute (M, N); hottest minute [K], (N,).

    Cw dTw/dt = I^2 R(Tw) - (Tw - Tc) / Rw,  Cc dTc/dt = (Tw - Tc) / Rw - (Tc - Ta) / Rc, exact for the loss of a step.
    """
    count = len(modules)
    inner, outer = 1.0 / modules.winding_to_case, 1.0 / modules.case_to_ambient
    cw, cc = modules.winding_capacity, modules.case_capacity
    rates = np.zeros((count, 3, 3))
    rates[:, 0, 0], rates[:, 0, 1], rates[:, 0, 2] = -inner / cw, inner / cw, 1.0 / cw
    rates[:, 1, 0], rates[:, 1, 1] = inner / cc, -(inner + outer) / cc
    step = expm(rates * _STEP)
    from_winding, from_case, from_loss = (np.ascontiguousarray(step[:, :2, k].T) for k in range(3))
    borne = np.array([continuous_torque(drive, _AMBIENT) for drive in modules.drives])
    cold = (borne / (modules.constant * modules.phases)) ** 2 * modules.resistance
    steps = round(_HOURS * 3600.0 / _STEP)
    time = _STEP * np.arange(steps)
    phases = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    rise = np.zeros((2, count))
    warmer = 1.0 + COPPER * (_AMBIENT - REFERENCE)
    minutes = steps // _KEEP
    winding, case, losses = (np.empty((minutes, count)) for _ in range(3))
    rises, lost = np.empty((_KEEP, 2, count)), np.empty((_KEEP, count))
    part = np.empty((2, count))
    for minute in range(minutes):
        at = time[minute * _KEEP : (minute + 1) * _KEEP, None]
        share = _LOAD + _SWING * (
            0.6 * np.sin(2.0 * np.pi * at / _SLOW + phases) + 0.4 * np.sin(2.0 * np.pi * at / _QUICK + 3.0 * phases)
        )
        square = cold * share**2
        for k in range(_KEEP):
            # In place: a programme has 14,400 steps.
            loss, now = lost[k], rises[k]
            np.multiply(rise[0], COPPER, out=loss)
            loss += warmer
            loss *= square[k]
            np.multiply(from_winding, rise[0], out=now)
            np.multiply(from_case, rise[1], out=part)
            now += part
            np.multiply(from_loss, loss, out=part)
            now += part
            rise = now
        rise = rise.copy()
        winding[minute], case[minute] = rises.mean(axis=0)
        losses[minute] = lost.mean(axis=0)
    return winding + _AMBIENT, case + _AMBIENT, losses, winding.max(axis=0) + _AMBIENT
