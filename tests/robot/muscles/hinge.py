"""A bar on a hinge between two muscles: small enough that everything about it has a closed form."""

from pathlib import Path

import mujoco
import numpy as np

from ironworks.product.design import Design, Drive, Joint, Link, Mass, Muscle, Waypoint
from ironworks.robot.body import body_spec
from ironworks.robot.muscles import Musculature, add_muscles

ANCHOR, TIP = np.array([0.05, 0.0, -0.12]), np.array([0.04, 0.0, 0.10])
FRONT_BACK = np.array([-1.0, 1.0, 1.0])
LOW, HIGH = -0.5, 0.6


def hinge(shortest: float = 0.75, longest: float = 1.0, passive: float = 0.0) -> tuple[Design, tuple[Muscle, ...]]:
    """Two links, a hinge about y, a muscle in front (first) and one behind, mirrored."""
    drive = Drive(
        "screw", "linear_roller_screw", {}, torque=60.0, speed=10.0, ratio=1.0, rotor_inertia=1e-4, friction=0.0,
        damping=0.0, radius=0.02, length=0.1, torque_constant=1.0, resistance=0.5, stiffness=3e4, backlash=0.0,
        encoder_accuracy=0.0, encoder_resolution=1e-5, winding_to_case=1.0, case_to_ambient=2.0, winding_capacity=50.0,
        case_capacity=800.0, winding_limit=400.0, delay=0.0,
    )  # fmt: skip
    links = (
        Link("base", "", np.zeros(3), None),
        Link("bar", "base", np.zeros(3), Joint("bend", np.array([0.0, 1.0, 0.0]), LOW, HIGH, drive, "base")),
    )
    design = Design(Path("hinge"), "hinge", "robot", None, False, links, {}, {})
    muscles = tuple(
        Muscle(
            name, "bend", (Waypoint("base", ANCHOR * side), Waypoint("bar", TIP * side)), 1000.0, 0.5, 0.004, 0.005,
            shortest, longest, passive,
        )
        for name, side in (("front", np.ones(3)), ("back", FRONT_BACK))
    )  # fmt: skip
    return design, muscles


def compiled(design: Design, muscles: tuple[Muscle, ...]) -> tuple[mujoco.MjModel, mujoco.MjData, Musculature]:
    """The model with its muscles; each link weighs 2 kg."""
    weights = {link.name: Mass(2.0, np.array([0.0, 0.0, 0.1]), np.eye(3) * 0.01) for link in design.links}
    spec = body_spec(design, weights)
    add_muscles(spec, design, muscles)
    model = spec.compile()
    return model, mujoco.MjData(model), Musculature(model, muscles)
