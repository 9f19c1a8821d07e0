"""Stations, sites, moves and carriers fit together."""

from collections import defaultdict

from ironworks.checks._context import Checked


def check(checked: Checked) -> None:
    """All checks of stations, expansions, moves and fleets."""
    _failures(checked)
    _usage(checked)
    _expansions(checked)
    _moves(checked)


def _failures(checked: Checked) -> None:
    for station in checked.tables.stations:
        if station.failure == "none":
            continue
        for column in ("mtbf", "mttr"):
            if station.cell(column) is None:
                mend = f"fill in `{column}`, or write failure none"
                checked.fault(
                    "stations", station, column, f"is empty, but the station fails by {station.failure}", mend=mend
                )


def _usage(checked: Checked) -> None:
    used = {**checked.declared("operations", "station"), **checked.declared("repairs", "station")}
    site_of = {station.station: station.site for station in checked.tables.stations}
    for station in checked.tables.stations:
        if station.station not in used:
            checked.warn(
                "stations", station, "station", "no operation runs here", mend="remove it, or use it in operations.csv"
            )
    known = checked.declared("sites", "site")
    route_site = {route.route: route.site for route in checked.tables.routes if route.site in known}
    for table in ("operations", "repairs"):
        for row in getattr(checked.tables, table):
            here, there = site_of.get(row.station), route_site.get(row.route)
            if here in known and there is not None and here != there:
                stations = tuple(name for name, site in site_of.items() if site == there)
                problem = f"station `{row.station}` is at site {here}, the route at {there}"
                checked.fault(
                    table, row, "station", problem, choices=stations, mend="name a station of the route's site"
                )
    for operation in checked.tables.operations:
        travel = checked.numbers.literal.get(operation.travel.key)
        no_travel = not operation.travel.key or (travel is not None and travel.value == 0.0)
        if operation.fleet is not None and no_travel:
            checked.fault(
                "operations",
                operation,
                "travel",
                f"fleet `{operation.fleet}` but no travel time",
                mend="fill in travel, or leave the fleet empty",
            )


def _expansions(checked: Checked) -> None:
    places = {station.station: station.places for station in checked.tables.stations}
    steps = defaultdict(list)
    for expansion in checked.tables.expansions:
        steps[expansion.station].append(expansion)
    moved = {name for move in checked.tables.moves for name in (*move.stations, *move.to_stations)}
    for name, expansions in steps.items():
        total = places.get(name)
        for expansion in sorted(expansions, key=lambda row: row.date):
            if total is None or name in moved:
                break
            total += expansion.places
            if total < 0:
                checked.fault(
                    "expansions",
                    expansion,
                    "places",
                    f"leaves {total} places",
                    mend="take away no more places than there are",
                )
                break
    for station in checked.tables.stations:
        if (
            station.places == 0
            and station.station not in steps
            and station.station not in moved
            and checked.is_whole("expansions", "moves")
        ):
            checked.fault(
                "stations", station, "places", "never has a place", mend="give it places, an expansion or a move"
            )


def _moves(checked: Checked) -> None:
    for move in checked.tables.moves:
        for column, from_, to in (
            ("to_stations", move.stations, move.to_stations),
            ("to_routes", move.routes, move.to_routes),
        ):
            if len(from_) != len(to):
                problem = f"has {len(to)} names for {len(from_)} of `{column[3:]}`"
                checked.fault("moves", move, column, problem, mend="name one for each, in the same order")
        for name in sorted(set(move.stations) & set(move.to_stations)):
            checked.fault(
                "moves", move, "to_stations", f"`{name}` is moved to itself", mend="name the station at the new site"
            )
