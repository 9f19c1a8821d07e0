"""Draws robots.png and face.png of the documentation anew: `python docs/images/pictures.py`."""

from pathlib import Path

import numpy as np

from ironworks.product.design import bill_of, read_design
from ironworks.robot.body import body_spec
from ironworks.robot.face import Expression, Gaze, State
from ironworks.robot.render import picture, save_picture

HERE = Path(__file__).parent
SHOWN = (
    Expression(State.LISTENING, Gaze(0.25, 0.05), level=0.6),
    Expression(State.THINKING, Gaze(-0.3, 0.25), time=0.2),
    Expression(State.SPEAKING, level=0.8, time=0.3),
    Expression(State.LOW_BATTERY, charge=0.1),
)


def shot(name: str, view: str, width: int, height: int, expression: Expression | None = None) -> np.ndarray:
    """One picture of a built-in design."""
    design = read_design(name)
    spec = body_spec(design, design.weigh(bill_of(design).masses))
    return picture(design, spec, view, width, height, expression)


if __name__ == "__main__":
    robots = [("humanoid", 420), ("quadruped", 560), ("wheeled", 420)]
    save_picture(np.hstack([shot(name, "threequarter", width, 600) for name, width in robots]), HERE / "robots.png")
    faces = [shot("humanoid", "face", 350, 330, expression) for expression in SHOWN]
    save_picture(np.hstack(faces), HERE / "face.png")
