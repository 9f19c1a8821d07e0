"""A picture of one unit as built, for the report: the first that the bench tested."""

from __future__ import annotations

import io

from matplotlib.image import imsave

from ironworks.robot.asbuilt import as_built
from ironworks.robot.body import body_spec
from ironworks.robot.render import CannotRender, picture
from ironworks.scenario import Scenario
from ironworks.studies.acceptance import setup_of

__all__ = ["unit_picture"]


def unit_picture(scenario: Scenario, width: int = 480, height: int = 720) -> bytes | None:
    """The scenario's first unit, standing, as PNG; None where this machine cannot draw.

    Raises ScenarioFaults where the scenario has no spreads or no design that fits its bill.
    """
    setup = setup_of(scenario)
    built, masses = as_built(setup.design, setup.masses, setup.population.unit(0))
    try:
        image = picture(built, body_spec(built, masses), width=width, height=height)
    except CannotRender:
        return None
    buffer = io.BytesIO()
    imsave(buffer, image, format="png")
    return buffer.getvalue()
