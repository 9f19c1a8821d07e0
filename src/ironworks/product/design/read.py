"""Reads a design: a folder with design.toml, links.csv, drives.csv, shapes.csv and mounts.csv."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from ironworks.faults import Fault, FaultLog, ScenarioFaults, closest
from ironworks.formulas import Expression, compiled, names_in
from ironworks.product.design.rows import DriveRow, LinkRow, MountRow, PairRow, ShapeRow
from ironworks.product.design.solids import Mesh, loft
from ironworks.product.design.tree import Design, Drive, Floats, Follow, Joint, Link, Material, Mount, Shape
from ironworks.reading.folder import parse_settings
from ironworks.reading.rows import read_table
from ironworks.rows import Row
from ironworks.tables import parse_table, read_text

__all__ = ["builtin_designs", "read_design"]

_BUILTIN = Path(__file__).parents[2] / "designs"
_MODELS: dict[str, type[Row]] = {
    "links": LinkRow,
    "drives": DriveRow,
    "shapes": ShapeRow,
    "mounts": MountRow,
    "pairs": PairRow,
}
_OPTIONAL = {"pairs"}
_SEEN_CORNERS = 56
_SIDES = {"": (("", 1.0),), "lr": (("left_", 1.0), ("right_", -1.0))}


def builtin_designs() -> dict[str, Path]:
    """Names and folders of the designs that come with the package."""
    return {path.parent.name: path.parent for path in sorted(_BUILTIN.glob("*/design.toml"))}


def read_design(name_or_path: str | Path, changes: Mapping[str, float] | None = None) -> Design:
    """Read and check a design: a built-in name or a folder; `changes` overrides parameters.

    Raises ScenarioFaults with every fault at once.
    """
    known = builtin_designs()
    folder = known.get(str(name_or_path), Path(name_or_path))
    if not (folder / "design.toml").is_file():
        mend = closest(str(name_or_path), known) or "name a folder that holds design.toml"
        raise ScenarioFaults([Fault(str(name_or_path)[:200], 0, "", "is no design", tuple(known), mend)])
    return _Reader(folder, changes or {}).design()


class _Reader:
    def __init__(self, folder: Path, changes: Mapping[str, float]) -> None:
        self.folder, self.log = folder, FaultLog()
        text = read_text(folder / "design.toml", self.log)
        read = parse_settings(text, self.log, "design.toml") if text is not None else None
        self.settings: dict[str, Any] = read or {}
        self.rows = {name: tuple(self._table(name, model)) for name, model in _MODELS.items()}
        self._check_settings()
        self.log.stop_on_faults()
        self.parameters = {k: float(v) for k, v in self.settings.get("parameters", {}).items()}
        for name in changes.keys() - self.parameters.keys():
            self._fault("design.toml", 1, f"parameters.{name}", "is no parameter of this design", self.parameters)
        self.parameters |= changes

    def _check_settings(self) -> None:
        for section in ("design", "parameters", "stand", "materials"):
            if not isinstance(self.settings.get(section, {}), dict):
                self._fault("design.toml", 1, section, "is no section", (), f"write [{section}]")
                self.settings[section] = {}
        for section in ("parameters", "stand"):
            for name, value in self.settings.get(section, {}).items():
                if isinstance(value, bool) or not isinstance(value, int | float):
                    self._fault("design.toml", 1, f"{section}.{name}", f"`{value}` is no number", (), "write a number")
        for name, material in self.settings.get("materials", {}).items():
            rgba = material.get("rgba") if isinstance(material, dict) else None
            numbers = (
                [material.get(key, 0.0) for key in ("specular", "shininess")] if isinstance(material, dict) else []
            )
            if not isinstance(rgba, list) or len(rgba) != 4:
                self._fault(
                    "design.toml", 1, f"materials.{name}.rgba", "is no colour", (), "write rgba = [r, g, b, 1.0]"
                )
            elif not all(isinstance(x, int | float) and 0.0 <= x <= 1.0 for x in [*rgba, *numbers]):
                self._fault(
                    "design.toml", 1, f"materials.{name}", "is not within 0 to 1", (), "write numbers from 0 to 1"
                )

    def _check_mounts(self, links: list[Link]) -> None:
        """Every link weighs something, and what is spread has a shape to be spread over."""
        carriers = {link.joint.carrier for link in links if link.joint is not None and link.joint.drive is not None}
        for link in links:
            if not link.mounts and link.name not in carriers:
                self._fault("mounts.csv", 0, link.name, "weighs nothing", (), "mount a part on it")
            weighs = any(shape.weighs for shape in link.shapes)
            if not weighs and any(mount.sides is None for mount in link.mounts):
                self._fault(
                    "mounts.csv",
                    0,
                    link.name,
                    "has parts to spread but no shape that weighs",
                    (),
                    "give them dx, dy, dz",
                )
            for mount in link.mounts:
                if mount.pieces <= 0.0:
                    self._fault("mounts.csv", 0, f"{link.name}.{mount.part}", "has no pieces", (), "write more than 0")
        if sum(not link.parent for link in links) != 1:
            self._fault("links.csv", 0, "links", "have not one root alone", (), "leave one parent empty")

    def _table(self, name: str, model: type[Row]) -> tuple[Row, ...]:
        file = f"{name}.csv"
        if not (self.folder / file).is_file():
            if name not in _OPTIONAL:
                self._fault(file, 0, "", "is missing", (), "add it")
            return ()
        text = read_text(self.folder / file, self.log)
        table = parse_table(file, text, self.log) if text is not None else None
        return read_table(name, model, table, self.log) if table is not None else ()

    def _fault(self, file: str, line: int, key: str, problem: str, choices: Any = (), mend: str = "") -> None:
        word = key.rpartition(".")[2]
        self.log.add(
            file, line, key, problem, choices=tuple(choices), mend=mend or closest(word, choices) or "correct it"
        )

    def _number(self, expression: Expression, table: str, row: Row, column: str) -> float:
        names = names_in(expression)
        for name in sorted(names - self.parameters.keys()):
            key = f"{table}.{row.row_key}.{column}"
            self._fault(
                f"{table}.csv",
                row.row_line,
                key,
                f"`{name}` is no parameter",
                self.parameters,
                "add it to [parameters] of design.toml",
            )
        if names - self.parameters.keys():
            return 1.0
        order = sorted(names)
        return compiled(expression, {name: i for i, name in enumerate(order)})(
            [self.parameters[name] for name in order]
        )

    def _vector(self, table: str, row: Row, columns: str = "xyz") -> Floats:
        return np.array([self._number(row.cell(column), table, row, column) for column in columns])

    def design(self) -> Design:
        general = self.settings.get("design", {})
        links = {name: (row, side) for row in self._of(LinkRow) for name, side in _sided(row.link, row.sides)}
        self.sides = {row.link: row.sides for row in self._of(LinkRow)}
        self.drives = {row.drive: self._drive(row) for row in self._of(DriveRow)}
        joints = {self._prefix(name, row) + row.joint for name, (row, _) in links.items() if row.joint}
        shapes, mounts = self._by_link(ShapeRow, "shapes"), self._by_link(MountRow, "mounts")
        built = []
        for name, (row, side) in links.items():
            prefix = self._prefix(name, row)
            parent = self._parent(row, prefix)
            origin = self._vector("links", row) * (1.0, side, 1.0)
            built.append(
                Link(
                    name=name,
                    parent=parent,
                    origin=origin,
                    joint=self._joint(row, prefix, side, parent, joints) if row.joint else None,
                    shapes=tuple(self._shape(one, prefix, side) for one in shapes.get(row.link, ())),
                    mounts=tuple(self._mount(one, side, len(_SIDES[row.sides])) for one in mounts.get(row.link, ())),
                )
            )
        names = {shape.name for link in built for shape in link.shapes if shape.collides}
        for row in self._of(PairRow):
            for column, name in (("one", row.one), ("other", row.other)):
                if name not in names:
                    key, problem = f"pairs.{row.row_key}.{column}", f"`{name}` is no shape that collides"
                    self._fault("pairs.csv", row.row_line, key, problem, names, "run `ironworks robot pairs` again")
        self._check_mounts(built)
        stand = self._stand(self.settings.get("stand", {}), joints)
        self.log.stop_on_faults()
        return Design(
            folder=self.folder,
            title=str(general.get("title", self.folder.name)),
            item=str(general.get("item", "robot")),
            scenario=general.get("scenario"),
            free=bool(general.get("free", True)),
            links=tuple(self._ordered(built)),
            materials={
                name: Material(tuple(m["rgba"]), m.get("specular", 0.3), m.get("shininess", 0.4))
                for name, m in self.settings.get("materials", {}).items()
            },
            parameters=self.parameters,
            stand=stand,
            pairs=tuple((row.one, row.other) for row in self._of(PairRow)),
        )

    def _of(self, model: type[Any]) -> Iterator[Any]:
        name = next(name for name, known in _MODELS.items() if known is model)
        yield from self.rows[name]

    @staticmethod
    def _prefix(name: str, row: LinkRow) -> str:
        return name.removesuffix(row.link)

    def _parent(self, row: LinkRow, prefix: str) -> str:
        if not row.parent:
            return ""
        if row.parent not in self.sides:
            self._fault("links.csv", row.row_line, f"links.{row.link}.parent", f"`{row.parent}` is no link", self.sides)
            return ""
        return prefix + row.parent if self.sides[row.parent] else row.parent

    def _joint(self, row: LinkRow, prefix: str, side: float, parent: str, joints: set[str]) -> Joint:
        key = f"links.{row.link}"
        if row.low > row.high or row.low == row.high != 0.0:
            self._fault(
                "links.csv", row.row_line, f"{key}.high", f"{row.high} is not above low, {row.low}", (), "exchange them"
            )
        drive = self.drives.get(row.drive)
        if row.drive and drive is None:
            self._fault("links.csv", row.row_line, f"{key}.drive", f"`{row.drive}` is no drive", self.drives)
        if row.follows and prefix + row.follows not in joints:
            self._fault("links.csv", row.row_line, f"{key}.follows", f"`{row.follows}` is no joint here", joints)
        if row.carrier and row.carrier not in self.sides:
            self._fault("links.csv", row.row_line, f"{key}.carrier", f"`{row.carrier}` is no link", self.sides)
        axis = np.zeros(3)
        axis["xyz".index(row.axis[-1])] = -1.0 if row.axis[0] == "-" else 1.0
        # A mirror in the plane of x and z turns rotations about x and z round.
        axis = axis * (side, 1.0, side) + 0.0
        carrier = parent
        if row.carrier:
            carrier = prefix + row.carrier if self.sides.get(row.carrier) else row.carrier
        return Joint(
            name=prefix + row.joint,
            axis=axis,
            low=math.radians(row.low) if row.low < row.high else -math.inf,
            high=math.radians(row.high) if row.low < row.high else math.inf,
            drive=drive,
            carrier=carrier,
            follow=Follow(prefix + row.follows, row.gain) if row.follows else None,
            stiffness=row.stiffness,
            damping=row.damping + (drive.damping if drive else 0.0),
        )

    @staticmethod
    def _drive(row: DriveRow) -> Drive:
        shared = {field.name for field in fields(Drive)} - {"name", "parts"}
        return Drive(name=row.drive, parts=dict(row.parts), **{name: getattr(row, name) for name in shared})

    def _by_link(self, model: type[Any], table: str) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for row in self._of(model):
            if row.link not in self.sides:
                self._fault(
                    f"{table}.csv", row.row_line, f"{table}.{row.row_key}.link", f"`{row.link}` is no link", self.sides
                )
            found.setdefault(row.link, []).append(row)
        return found

    def _shape(self, row: ShapeRow, prefix: str, side: float) -> Shape:
        materials = self.settings.get("materials", {})
        key = f"shapes.{row.row_key}"
        if row.material not in materials:
            self._fault("shapes.csv", row.row_line, f"{key}.material", f"`{row.material}` is no material", materials)
        mesh, sections = None, None
        if row.kind == "loft":
            if not row.sections:
                self._fault(
                    "shapes.csv", row.row_line, f"{key}.sections", "is empty, but a loft needs sections", (), "add them"
                )
                sections = np.array([[0.0, 1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0, 0.0]])
            else:
                sections = np.array(row.sections)
            length, width = (self._number(row.cell(c), "shapes", row, c) for c in ("length", "width"))
            sections = sections * (length, width, width, width, width)
            # What is only seen may have many corners; what also collides costs time for each.
            mesh = loft(sections, row.along, row.power, *(() if row.collides else (_SEEN_CORNERS,)))
            if side < 0:
                mesh = Mesh(mesh.vertices * (1.0, -1.0, 1.0), mesh.faces[:, ::-1].copy())
        size = self._vector("shapes", row, "abc")
        if (size[: {"loft": 0, "box": 3, "ellipsoid": 3}.get(row.kind, 2)] <= 0.0).any():
            self._fault(
                "shapes.csv", row.row_line, f"{key}.a", f"a {row.kind} needs sizes above 0", (), "fill in a, b, c"
            )
            size = np.ones(3)
        return Shape(
            name=prefix + row.link + "." + row.shape,
            kind=row.kind,
            centre=self._vector("shapes", row) * (1.0, side, 1.0),
            size=size,
            mesh=mesh,
            material=row.material,
            collides=row.collides,
            sections=sections,
            along=row.along,
            power=row.power,
            weighs=row.weighs,
        )

    def _mount(self, row: MountRow, side: float, sides: int) -> Mount:
        pieces = self._number(row.pieces, "mounts", row, "pieces") / sides
        box = np.array([row.dx, row.dy, row.dz])
        centre = self._vector("mounts", row) * (1.0, side, 1.0)
        return Mount(row.part, pieces, centre, box if box.any() else None)

    def _stand(self, stand: Mapping[str, Any], joints: set[str]) -> dict[str, float]:
        found: dict[str, float] = {}
        for name, angle in stand.items():
            matching = [joint for joint in joints if joint in (name, f"left_{name}", f"right_{name}")]
            if not matching:
                self._fault("design.toml", 1, f"stand.{name}", "is no joint", joints)
            found |= dict.fromkeys(matching, math.radians(float(angle)))
        return found

    def _ordered(self, links: list[Link]) -> list[Link]:
        """Limb by limb: each link, then what hangs on it, in the order of the file."""
        below: dict[str, list[Link]] = {}
        for link in links:
            below.setdefault(link.parent, []).append(link)
        found: list[Link] = []
        stack = below.get("", [])[::-1]
        while stack:
            link = stack.pop()
            found.append(link)
            stack += below.get(link.name, [])[::-1]
        if len(found) < len(links):
            names = ", ".join(link.name for link in links if all(link is not other for other in found))
            mend = "give one of them another parent"
            self._fault("links.csv", 0, "links", f"{names} hang on one another", (), mend)
            self.log.stop_on_faults()
        return found


def _sided(name: str, sides: str) -> Iterator[tuple[str, float]]:
    for prefix, side in _SIDES[sides]:
        yield prefix + name, side
