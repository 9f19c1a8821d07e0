"""What a line is balanced with: work elements of operations, tools that some need, models that need some."""

from typing import Annotated, ClassVar, Literal

from ironworks.quantities import Quantity, constant
from ironworks.rows._cells import Choice, Id, Measure, Money, Names, Pair, Pairs, Real, Ref, Refs
from ironworks.rows._row import SourcedRow

__all__ = ["Model", "Tool", "WorkElement"]

Side = Annotated[Literal["any", "left", "right", "inside"], Choice()]


class Tool(SourcedRow):
    """Equipment that an element needs at each place where it is done, besides the place itself."""

    KEY: ClassVar = ("tool",)
    tool: Id
    price: Money = constant(0.0, "money")


class Model(SourcedRow):
    """One of the models of an item that come down its lines mixed, with its `share` of the item's pieces."""

    KEY: ClassVar = ("item", "model")
    item: Annotated[str, Ref("items")]
    model: Id
    share: Annotated[Quantity, Measure("number", low=0.0, high=1.0, positive=True)]


class WorkElement(SourcedRow):
    """A part of an operation of an item that can be done at another station: `share` of the operation's time.

    Where it has `models` of the item it is done on those alone, and its share is that of the mean of all pieces. It
    begins after the elements `after`, of whichever operation, and `takes` what it builds in, pieces per piece. `side`:
    from where the piece is reached; `strain`: share of its time in a posture or with a load that tires. Rows with a
    `route` hold for it alone, the others for routes that have none of their own.
    """

    KEY: ClassVar = ("item", "element", "route")
    item: Annotated[str, Ref("items")]
    element: Id
    operation: Id
    share: Annotated[float, Real(0.0, 1.0, positive=True)]
    after: Annotated[tuple[str, ...], Names()] = ()
    side: Side = "any"
    strain: Annotated[float, Real(0.0, 1.0)] = 0.0
    tools: Annotated[tuple[str, ...], Refs("tools")] = ()
    height: Annotated[Quantity, Measure("length", low=0.0, sourced=False)] = constant(0.0, "length")
    takes: Annotated[tuple[Pair, ...], Pairs()] = ()
    models: Annotated[tuple[str, ...], Names()] = ()
    route: Annotated[str, Ref("routes")] | None = None
