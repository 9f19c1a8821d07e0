"""A design with a unit exactly as designed."""

from ironworks.product.design import Design, read_design
from ironworks.robot.asbuilt import Places, Unit


def nominal(name: str) -> tuple[Design, Unit]:
    design = read_design(name)
    return design, Unit.nominal(Places.of(design))
