"""How units of a robot differ: spreads of what they are made of, and gross faults."""

from typing import Annotated, ClassVar, Literal

from ironworks.quantities import Quantity, constant
from ironworks.rows._cells import Choice, Fraction, Measure, Names, Whole
from ironworks.rows._row import SourcedRow
from ironworks.rows.deviations import DEVIATIONS, GROSS_FAULTS

# Another column of the row decides the dimension; a check compares them.
Free = Annotated[Quantity, Measure("any", low=0.0)]


class Spread(SourcedRow):
    """How far one kind of deviation spreads from unit to unit: a standard deviation.

    `of` narrows it to places by name (without side), drive, family of drives, or chain of links below a link written
    `link/`; the last row that fits a place counts. `lognormal` keeps a share above -1. `lot` is the share of the
    variance that all pieces of one supplier's lot have in common; a lot serves `lot_units` robots.
    """

    KEY: ClassVar = ("deviation", "of")
    deviation: Annotated[str, Choice(tuple(DEVIATIONS))]
    of: Annotated[tuple[str, ...], Names()] = ()
    sigma: Free
    distribution: Annotated[Literal["normal", "lognormal", "uniform"], Choice()] = "normal"
    lot: Fraction = constant(0.0)
    lot_units: Annotated[int, Whole(1)] = 50


class GrossFaultRow(SourcedRow):
    """A rare gross fault: its probability at each place, and how severe it is.

    `of` narrows the places, as in spreads.csv.
    """

    KEY: ClassVar = ("fault", "of")
    fault: Annotated[str, Choice(tuple(GROSS_FAULTS))]
    of: Annotated[tuple[str, ...], Names()] = ()
    rate: Fraction
    severity: Free
