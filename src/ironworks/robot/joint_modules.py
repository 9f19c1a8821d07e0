"""Joint modules of one unit as built, side by side: what a bench for single joints holds before they become a robot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Drive
from ironworks.robot.asbuilt import Unit

__all__ = ["BUS", "JointModules"]

Floats = NDArray[np.float64]

#: Voltage of the bus that feeds drives on benches and on the gantry [V]: near that of 14 cells in series.
BUS = 51.0


@dataclass(frozen=True, eq=False)
class JointModules:
    """N driven joints; arrays (N,), all at the joint: as built, and `drives` as designed.

    constant: torque over current of whole windings [N m/A]; phases: share of it that connected phases give; resistance
    of the winding [Ohm]; friction [N m]; damping [N m s/rad]; stiffness of the gear [N m/rad]; backlash [rad] from
    flank to flank; inertia of the rotor [kg m2]; low and high stop [rad]; insulation [Ohm]; winding_to_case and
    case_to_ambient [K/W]; winding_capacity and case_capacity [J/K].
    """

    names: tuple[str, ...]
    places: NDArray[np.int64]
    """Rows of the unit's arrays of joints, (N,)."""
    drives: tuple[Drive, ...]
    constant: Floats
    phases: Floats
    resistance: Floats
    friction: Floats
    damping: Floats
    stiffness: Floats
    backlash: Floats
    inertia: Floats
    low: Floats
    high: Floats
    insulation: Floats
    winding_to_case: Floats
    case_to_ambient: Floats
    winding_capacity: Floats
    case_capacity: Floats

    #: Insulation of one joint's cable and winding as designed [Ohm]; an assumption.
    INSULATION = 20e9

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def of(cls, design: Design, unit: Unit) -> JointModules:
        """The driven joints of a design or limb, in the order of its links, with the deviations of a unit."""
        moved = [(joint, joint.drive) for joint in design.joints if joint.drive is not None]
        names = tuple(joint.name for joint, _ in moved)
        at = {name: i for i, name in enumerate(unit.places.names["joint"])}
        places = np.array([at[name] for name in names], dtype=np.int64)

        def more(deviation: str) -> Floats:
            return np.asarray(1.0 + unit[deviation][places])

        def struck(fault: str) -> Floats:
            severity = np.zeros(len(names))
            for one in unit.struck(fault):
                severity[places == at[one.place]] = one.severity
            return severity

        def column(name: str) -> Floats:
            return np.array([getattr(drive, name) for _, drive in moved], dtype=float)

        stops = unit["stop_angle"][places]
        torn = struck("torn_insulation")
        return cls(
            names=names,
            places=places,
            drives=tuple(drive for _, drive in moved),
            constant=column("joint_constant") * more("torque_constant"),
            phases=1.0 - struck("open_phase"),
            resistance=column("resistance") * more("resistance"),
            friction=column("friction") * more("friction"),
            damping=column("damping") * more("damping"),
            stiffness=column("stiffness"),
            backlash=column("backlash") * more("backlash") + struck("cracked_gear"),
            inertia=column("armature"),
            low=np.array([joint.low for joint, _ in moved]) + stops[:, 0],
            high=np.array([joint.high for joint, _ in moved]) + stops[:, 1],
            insulation=np.where(torn > 0.0, torn, 1.0) * cls.INSULATION,
            winding_to_case=column("winding_to_case") * more("thermal_resistance"),
            case_to_ambient=column("case_to_ambient"),
            winding_capacity=column("winding_capacity"),
            case_capacity=column("case_capacity"),
        )

    def designed(self, column: str) -> Floats:
        """A number of the drives as designed, (N,)."""
        return np.array([getattr(drive, column) for drive in self.drives], dtype=float)
