"""Halls, docks, links, spaces and stores: they make a floor, it is that of their site, and every station may stand."""

from collections import defaultdict

from ironworks.checks._context import Checked
from ironworks.faults import closest
from ironworks.quantities import Quantity
from ironworks.rows import ROOMS, STATION_TYPES, Dock, Hall, Link, Row, Space, Station
from ironworks.rows.station_types import StationType

#: Halls come in whole bays: so much of a site's floor may be off.
_WHOLE_BAYS = 0.02
_GRAVITY = 9.80665


def check(checked: Checked) -> None:
    """All checks of where stations may stand."""
    for hall in checked.tables.halls:
        _hall(checked, hall)
    _areas(checked)
    for dock in checked.tables.docks:
        _dock(checked, dock)
    for link in checked.tables.links:
        _link(checked, link)
    _spaces(checked)
    _stores(checked)
    _names(checked)
    if checked.is_whole("halls", "spaces", "stations"):
        _stand(checked)


def _at(checked: Checked, quantity: Quantity) -> float:
    """Likeliest value in SI; nan where the cell is wrong, which compares false with everything."""
    bounds = checked.bounds(quantity)
    return bounds[1] if bounds else float("nan")


def _hall(checked: Checked, hall: Hall) -> None:
    for room in hall.rooms:
        if room not in ROOMS:
            mend = closest(room, ROOMS) or "write rooms separated by spaces"
            checked.fault("halls", hall, "rooms", f"`{room[:60]}` is not a room", choices=ROOMS, mend=mend)
    for column in ("bay_x", "bay_y"):
        if _at(checked, hall.column) >= _at(checked, hall.cell(column)):
            problem = f"columns of {hall.column} leave nothing of bays of {hall.cell(column)}"
            checked.fault("halls", hall, "column", problem, mend="make columns thinner or bays wider")
            break
    site = next((site for site in checked.tables.sites if site.site == hall.site), None)
    if site is not None and hall.from_ is not None and hall.from_ < site.available:
        problem = f"{hall.from_} is before the site can be used, {site.available}"
        checked.fault("halls", hall, "from", problem, mend="leave it empty, or write a later day")


def _size(checked: Checked, hall: Hall) -> tuple[float, float]:
    return hall.bays_x * _at(checked, hall.bay_x), hall.bays_y * _at(checked, hall.bay_y)


def _areas(checked: Checked) -> None:
    if not checked.is_whole("halls"):
        return
    for site in checked.tables.sites:
        halls = [hall for hall in checked.tables.halls if hall.site == site.site]
        bounds = checked.bounds(site.area)
        if not halls or bounds is None:
            continue
        total = sum(width * depth for width, depth in (_size(checked, hall) for hall in halls))
        low, area, high = bounds
        names = ", ".join(hall.hall for hall in halls)
        told = f"halls {names} have {total:,.0f} m2, the site has {area:,.0f} m2"
        mend = "change bays in halls.csv, or `area` of the site"
        if not low * (1.0 - _WHOLE_BAYS) <= total <= high * (1.0 + _WHOLE_BAYS):
            if low < high:
                told += f" ({low:,.0f} to {high:,.0f})"
            checked.fault("halls", halls[0], "bays_x", told, mend=mend)
        elif abs(total - area) > _WHOLE_BAYS * area:
            checked.warn("halls", halls[0], "bays_x", told, mend=mend)


def _dock(checked: Checked, dock: Dock) -> None:
    hall = next((hall for hall in checked.tables.halls if hall.hall == dock.hall), None)
    if hall is None:
        return
    width, depth = _size(checked, hall)
    x, y = _at(checked, dock.x), _at(checked, dock.y)
    inside = 0.0 <= x <= width and 0.0 <= y <= depth
    if not inside or not (x in (0.0, width) or y in (0.0, depth)):
        problem = f"({x:g}, {y:g}) m is not at a wall of hall {hall.hall}"
        mend = f"set x to 0 or {width:g} m, or y to 0 or {depth:g} m"
        checked.fault("docks", dock, "x", problem, mend=mend)


def _link(checked: Checked, link: Link) -> None:
    halls = {hall.hall: hall for hall in checked.tables.halls}
    ends = (("hall", "x", "y"), ("to_hall", "to_x", "to_y"))
    for name, across, up in ends:
        hall = halls.get(link.cell(name))
        if hall is None:
            continue
        width, depth = _size(checked, hall)
        for column, most in ((across, width), (up, depth)):
            at = _at(checked, link.cell(column))
            if not 0.0 <= at <= most:
                mend = f"hall {hall.hall} goes from 0 to {most:g} m"
                checked.fault("links", link, column, f"{at:g} m is outside of hall {hall.hall}", mend=mend)
    if link.hall == link.to_hall:
        checked.fault("links", link, "to_hall", "is where the link begins", mend="name another hall of the site")
    elif link.hall in halls and link.to_hall in halls and halls[link.hall].site != halls[link.to_hall].site:
        site = halls[link.hall].site
        choices = tuple(name for name, hall in halls.items() if hall.site == site and name != link.hall)
        problem = f"`{link.to_hall}` is at another site than `{link.hall}`"
        checked.fault("links", link, "to_hall", problem, choices=choices, mend=f"name a hall of {site}")


def _spaces(checked: Checked) -> None:
    known = (*STATION_TYPES, *(name for name in checked.declared("stations", "station") if name))
    for space in checked.tables.spaces:
        if space.of not in known:
            checked.unknown("spaces", space, "of", space.of, "stations.csv or the types of stations", known)
        for column, other in (("width", "depth"), ("depth", "width")):
            if space.cell(column) is None and space.cell(other) is not None:
                checked.fault("spaces", space, column, f"is empty beside `{other}`", mend="fill in both or none")


def _stores(checked: Checked) -> None:
    known = {**checked.declared("parts", "part"), **checked.declared("items", "item")}
    sites = set(checked.declared("halls", "site"))
    held: dict[tuple[str, str], str] = {}
    for store in checked.tables.stores:
        if store.site not in sites and store.site in checked.declared("sites", "site"):
            choices = tuple(site for site in sites if site)
            problem = f"`{store.site}` has no hall"
            checked.fault("stores", store, "site", problem, choices=choices, mend="add its halls to halls.csv")
        for name in store.holds:
            if name not in known:
                checked.unknown("stores", store, "holds", name, "parts.csv or items.csv", known)
            elif (store.site, name) in held:
                problem = f"`{name}` is in `{held[store.site, name]}` already"
                checked.fault("stores", store, "holds", problem, mend="name it in one store of the site")
            held.setdefault((store.site, name), store.store)
    for site in sites:
        rest = [store for store in checked.tables.stores if store.site == site and not store.holds]
        for store in rest[1:]:
            problem = f"is empty as in `{rest[0].store}`: one store alone takes all other parts"
            checked.fault("stores", store, "holds", problem, mend="name what it holds")


def _names(checked: Checked) -> None:
    """A plan names stations, stores and docks: each has a name of its own."""
    taken = dict.fromkeys(checked.declared("stations", "station"), "stations.csv")
    for table, rows in (("stores", checked.tables.stores), ("docks", checked.tables.docks)):
        for row in rows:
            if row.row_key in taken:
                problem = f"`{row.row_key}` is in {taken[row.row_key]} already"
                checked.fault(table, row, table[:-1], problem, mend="give it a name of its own")
            taken.setdefault(row.row_key, f"{table}.csv")


def _stand(checked: Checked) -> None:
    """Whether each station finds a hall of its site that gives what it needs, whenever that hall is ready."""
    halls: dict[str, list[Hall]] = defaultdict(list)
    for hall in checked.tables.halls:
        halls[hall.site].append(hall)
    spaces = {space.of: space for space in checked.tables.spaces}
    told: set[tuple[str, str]] = set()
    for station in checked.tables.stations:
        if station.site not in halls or station.type not in STATION_TYPES:
            continue
        row = spaces.get(station.station) or spaces.get(station.type)
        reasons = [_against(checked, station, spaces, hall) for hall in halls[station.site]]
        subject = (row.of if row else station.type, station.site)
        if all(reasons) and subject not in told:
            told.add(subject)
            column, problem = min(reasons, key=len)[0]
            whole = f"{station.station} stands in no hall of {station.site}: {problem}"
            mend = "change what it needs in spaces.csv, or what a hall has in halls.csv"
            where: tuple[str, Row, str] = ("spaces", row, column) if row else ("stations", station, "type")
            checked.fault(*where, whole, mend=mend)


def _against(checked: Checked, station: Station, spaces: dict[str, Space], hall: Hall) -> list[tuple[str, str]]:
    """What of a place's needs a hall does not give: column of spaces.csv and words."""
    kind: StationType = STATION_TYPES[station.type]

    def need(column: str, default: float) -> float:
        for row in (spaces.get(station.station), spaces.get(station.type)):
            value = row.cell(column) if row else None
            if value is not None:
                return _at(checked, value) if isinstance(value, Quantity) else float(value)
        return default

    own, types = spaces.get(station.station), spaces.get(station.type)
    room = (own.room if own else None) or (types.room if types else None) or "plain"
    found = []
    if room not in hall.rooms:
        found.append(("room", f"it needs a {room} room, {hall.hall} has {' and '.join(hall.rooms) or 'none'}"))
    height, clear = need("height", kind.height), _at(checked, hall.clear_height)
    if height > clear:
        found.append(("height", f"it is {height:g} m high, {hall.hall} has {clear:g} m of clear height"))
    floor = need("width", float("nan")) * need("depth", float("nan"))
    weight = need("mass", float("nan")) / floor if floor == floor else kind.load
    pressure, bears = (weight if weight == weight else kind.load) * _GRAVITY, _at(checked, hall.floor_load)
    if pressure > bears:
        found.append(("mass", f"it weighs {pressure / 1e3:.1f} kN/m2, {hall.hall} bears {bears / 1e3:.1f} kN/m2"))
    lift, crane = need("crane", kind.crane), _at(checked, hall.crane)
    if lift > crane:
        found.append(("crane", f"it needs a crane for {lift:g} kg, {hall.hall} has one for {crane:g} kg"))
    if need("noise", kind.noise) > hall.noise:
        found.append(("noise", f"it makes {need('noise', kind.noise):g} dB(A), {hall.hall} allows {hall.noise:g}"))
    return found
