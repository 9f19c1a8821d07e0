"""What muscles can do in one posture: moment arms, forces, and the joint stiffness that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Muscle
from ironworks.robot.muscles.curves import Curves, Forces
from ironworks.robot.muscles.pieces import Pieces

__all__ = ["MuscleMap", "Musculature"]

Floats = NDArray[np.float64]
Block = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class MuscleMap:
    """From activations a (M,) to torques (J,) [N m] and stiffness (J, J) [N m/rad], affine in a, in one posture.

    torque = gain a + rest. Stiffness is -d torque / d angle at fixed activation and speed, so that positive restores:
    stiffness = stiffening a + stiffness_rest. `blocks`: joints and muscles (indices) that act on one another.
    """

    joints: tuple[str, ...]
    muscles: tuple[str, ...]
    arms: Floats  # (J, M) [m] d length / d angle
    gain: Floats  # (J, M) [N m]
    rest: Floats  # (J,) [N m]
    blocks: tuple[Block, ...]
    stiffening: Floats | None = None  # (J, J, M) [N m/rad]
    stiffness_rest: Floats | None = None  # (J, J) [N m/rad]

    def torque(self, activations: Floats) -> Floats:
        """Torques (J,) [N m] of activations (M,)."""
        torque: Floats = self.gain @ activations + self.rest
        return torque

    def stiffness(self, activations: Floats) -> Floats:
        """Stiffness (J, J) [N m/rad] at activations (M,); raises ValueError for a map without it."""
        if self.stiffening is None or self.stiffness_rest is None:
            raise ValueError("this map was made without stiffness; ask for it: at(data, stiffness=True)")
        stiffness: Floats = self.stiffening @ activations + self.stiffness_rest
        return stiffness

    def furthest(self, direction: Floats) -> float:
        """Most of direction . torque over all activations: the support function of the feasible torques."""
        return float(direction @ self.rest + np.maximum(direction @ self.gain, 0.0).sum())


class Musculature:
    """The muscles of a compiled model, ready to be asked posture by posture.

    Its joints (J) are the motors of `muscles`, in their order; other joints that a tendon crosses keep their motor,
    which has to hold what the tendon does there. Raises ValueError without muscles, KeyError where the model lacks one.
    """

    def __init__(self, model: mujoco.MjModel, muscles: Sequence[Muscle]) -> None:
        if not muscles:
            raise ValueError("there are no muscles here")
        self.muscles = tuple(muscle.name for muscle in muscles)
        self.joints = tuple(dict.fromkeys(muscle.motor for muscle in muscles))
        ids = np.array([model.actuator(name).id for name in self.muscles])
        self._outputs = model.actuator_outadr[ids].astype(np.int64)
        self._curves = Curves(model, ids)
        self._joint_ids = np.array([model.joint(name).id for name in self.joints])
        self._pieces = Pieces(model, self._joint_ids, [_sites(model, muscle) for muscle in muscles])
        self.blocks = _blocks(self._pieces.crosses)
        self._jacobian = self._places_in_jacobian(model)

    def _places_in_jacobian(self, model: mujoco.MjModel) -> tuple[NDArray[np.int64], ...]:
        """Joint and muscle of each arm that is not always 0, and where the sparse `ten_J` has it."""
        joints, muscles = np.nonzero(self._pieces.crosses)
        tendons = np.array([model.tendon(name).id for name in self.muscles])[muscles]
        dofs = model.jnt_dofadr[self._joint_ids[joints]]
        places = []
        for tendon, dof in zip(tendons, dofs, strict=True):
            first, n = model.ten_J_rowadr[tendon], model.ten_J_rownnz[tendon]
            places.append(first + int(np.flatnonzero(model.ten_J_colind[first : first + n] == dof)[0]))
        return joints, muscles, np.array(places)

    def at(self, data: mujoco.MjData, *, stiffness: bool = False) -> MuscleMap:
        """The map at the posture and speed of data, up to date as `mj_forward` (or `mj_step1`) leaves it."""
        joints, muscles, places = self._jacobian
        arms = np.zeros((len(self.joints), len(self.muscles)))
        arms[joints, muscles] = data.ten_J[places]
        forces = self._curves.at(data.actuator_length[self._outputs], data.actuator_velocity[self._outputs])
        gain, rest = -arms * forces.active, -arms @ forces.passive
        stiff = self._stiffness(data, arms, forces) if stiffness else (None, None)
        return MuscleMap(self.joints, self.muscles, arms, gain, rest, self.blocks, *stiff)

    def _stiffness(self, data: mujoco.MjData, arms: Floats, forces: Forces) -> tuple[Floats, Floats]:
        """Of tension F over length l: F d2l/dq2 + dF/dl dl/dq dl/dq'."""
        bending = self._pieces.bending(data)
        squares = arms[:, None, :] * arms[None, :, :]
        active = bending * forces.active + squares * forces.active_slope
        passive = bending @ forces.passive + squares @ forces.passive_slope
        return active, passive


def _sites(model: mujoco.MjModel, muscle: Muscle) -> list[int]:
    return [model.site(f"{muscle.name}.{i}").id for i in range(len(muscle.path))]


def _blocks(crosses: NDArray[np.bool_]) -> tuple[Block, ...]:
    """Groups of joints (rows) and muscles (columns) that are connected by what crosses what (J, M)."""
    joined = crosses.astype(int) @ crosses.T.astype(int) > 0
    while not np.array_equal(wider := joined.astype(int) @ joined.astype(int) > 0, joined):
        joined = wider
    groups = sorted({tuple(np.flatnonzero(row)) for row in joined if row.any()})
    return tuple((np.array(group), np.flatnonzero(crosses[list(group)].any(axis=0))) for group in groups)
