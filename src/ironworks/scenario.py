"""A scenario: read, checked and frozen; a `Draw` gives every quantity its value in one replication."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from ironworks.checks import check_tables
from ironworks.faults import Fault, FaultLog, ScenarioFaults, closest
from ironworks.figures import Figure, Sampler
from ironworks.formulas import Expression, Number, compiled, names_in
from ironworks.quantities import Quantity
from ironworks.reading.figures import bind_quantities, read_figures
from ironworks.reading.folder import Folder, read_folder
from ironworks.reading.overrides import apply_override, apply_variant
from ironworks.reading.rows import read_rows, read_settings
from ironworks.rows import TABLES, FigureRow, Measure, Row, Tables
from ironworks.settings import Settings

__all__ = ["Draw", "Scenario", "builtin_scenarios", "read_scenario", "scenario_path"]

_BUILTIN = Path(__file__).parent / "scenarios"
_DEFAULT_CORRELATION = 0.8

Program = Callable[[Sequence[float]], float]


@dataclass(frozen=True)
class Draw:
    """Values of all figures in one replication. Call it with a quantity: `draw(operation.time)` in SI.

    SI: seconds, kg, m2, W, money in the base currency, fractions, counts; rates per second.
    """

    seed: int
    replication: int
    values: Mapping[str, float]
    _programs: Mapping[str, Program] = field(repr=False)
    _limits: Mapping[str, Measure] = field(repr=False)
    _sequence: Sequence[float] = field(repr=False)
    _known: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, quantity: Quantity) -> float:
        """The quantity's value in SI.

        Raises ScenarioFaults where a draw leaves the column's range, KeyError for a quantity of another scenario.
        """
        known = self._known.get(quantity.key)
        if known is not None:
            return known
        if not quantity.key:
            if not isinstance(quantity.formula, Number):
                raise KeyError(f"`{quantity.text}` belongs to no scenario")
            return quantity.formula.value
        value = self._programs[quantity.key](self._sequence)
        limit = self._limits.get(quantity.key)
        if limit is not None and not limit.allows(value):
            problem = f"`{quantity.text}` is {value:g} (SI) in replication {self.replication} of seed {self.seed}"
            file = f"{quantity.key.partition('.')[0]}.csv"
            raise ScenarioFaults([Fault(file, 0, quantity.key, problem, (), f"keep it {limit.bounds()} (SI)")])
        self._known[quantity.key] = value
        return value


@dataclass(frozen=True)
class Scenario(Tables):
    """A checked scenario: the tables (`scenario.operations`, ...), settings, figures, and warnings of the checks.

    `figures` are the named ones of figures.csv; `literals` those of table cells, by `table.row.column`.
    """

    path: Path = Path()
    settings: Settings = field(kw_only=True)
    figures: Mapping[str, Figure] = field(default_factory=dict, kw_only=True)
    literals: Mapping[str, Figure] = field(default_factory=dict, kw_only=True)
    warnings: tuple[Fault, ...] = field(default=(), kw_only=True)
    variant: str | None = field(default=None, kw_only=True)
    overrides: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    written_end: dt.date | None = field(default=None, kw_only=True)
    """The end in scenario.toml, before anything changed it."""
    _expressions: Mapping[str, Expression] = field(default_factory=dict, kw_only=True, repr=False)
    _limits: Mapping[str, Measure] = field(default_factory=dict, kw_only=True, repr=False)

    @property
    def planned_days(self) -> int:
        """Days that the plan covers: a run that ends early is planned as far as the longer one."""
        general = self.settings.scenario
        return (max(general.end, self.written_end or general.end) - general.start).days + 1

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.settings.scenario.name

    def table(self, name: str) -> tuple[Row, ...]:
        """All rows of a table by its file's name. Raises KeyError, which lists the tables."""
        if name not in TABLES:
            raise KeyError(f"no table `{name}`; {closest(name, TABLES) or 'tables are ' + ', '.join(TABLES)}")
        rows: tuple[Row, ...] = getattr(self, "figure_rows" if name == "figures" else name)
        return rows

    def all_figures(self) -> Iterator[Figure]:
        """Named figures, then the numbers that stand in table cells."""
        yield from self.figures.values()
        yield from self.literals.values()

    def read_by(self, keys: Callable[[str], bool]) -> frozenset[str]:
        """Ids of the figures that quantities read whose key (`table.row.column`) is one of `keys`."""
        return frozenset(
            name for key, expression in self._expressions.items() if keys(key) for name in names_in(expression)
        )

    def mode(self) -> Draw:
        """Every figure at its value."""
        return self._mode

    def draw(self, seed: int, replication: int) -> Draw:
        """All figures drawn for one replication, each keyed by (seed, replication, its id)."""
        return self._draw_of(self._sampler.draw(seed, replication).tolist(), seed, replication)

    def with_values(self, draw: Draw, values: Mapping[str, float]) -> Draw:
        """The same draw with some figures set to given values in SI. Raises KeyError for an id that is not drawn."""
        position = self._position
        sequence = list(draw._sequence)
        for name, value in values.items():
            sequence[position[name]] = value
        return self._draw_of(sequence, draw.seed, draw.replication)

    def _draw_of(self, sequence: list[float], seed: int, replication: int) -> Draw:
        values = dict(zip(self._position, sequence, strict=True))
        return Draw(seed, replication, values, self._programs, self._limits, sequence)

    @cached_property
    def _mode(self) -> Draw:
        return self._draw_of(self._sampler.modes().tolist(), 0, -1)

    @cached_property
    def _drawn(self) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.all_figures() if figure.role == "input" and figure.value is not None)

    @cached_property
    def _position(self) -> dict[str, int]:
        return {figure.id: index for index, figure in enumerate(self._drawn)}

    @cached_property
    def _sampler(self) -> Sampler:
        return Sampler(self._drawn, self.settings.correlation, _DEFAULT_CORRELATION)

    @cached_property
    def _programs(self) -> dict[str, Program]:
        return {key: compiled(expression, self._position) for key, expression in self._expressions.items()}

    def __getstate__(self) -> dict[str, Any]:
        # Closures do not travel to other processes; they are made again there.
        return {item.name: getattr(self, item.name) for item in fields(self)}


def builtin_scenarios() -> dict[str, Path]:
    """Folders of the scenarios that come with the package, by name."""
    return {path.name: path for path in sorted(_BUILTIN.iterdir()) if (path / "scenario.toml").is_file()}


def scenario_path(name_or_path: str | Path) -> Path:
    """The folder of a built-in scenario's name, or the path itself (write `./tiny` for a folder of the same name)."""
    if isinstance(name_or_path, str) and name_or_path in (builtin := builtin_scenarios()):
        return builtin[name_or_path]
    return Path(name_or_path)


def read_scenario(
    path: str | Path,
    overrides: Mapping[str, str] | None = None,
    *,
    variant: str | None = None,
    edit: Callable[[Folder], None] | None = None,
) -> Scenario:
    """Read, check and freeze a scenario: a built-in name or a folder, changed by a variant, by overrides, by `edit`.

    Override keys are `table.row.column`, `figure.ID` or `section.key` of scenario.toml; values are cells. A run that
    is made to end early (`scenario.end`) goes as the longer one goes until then; targets due later are not judged, and
    `warnings` says so. Raises ScenarioFaults with every fault at once.
    """
    log = FaultLog()
    folder_path = scenario_path(path)
    if isinstance(path, str) and not folder_path.exists():
        names = tuple(builtin_scenarios())
        mend = closest(path, names) or "`ironworks scenario new` makes a folder"
        raise ScenarioFaults([Fault(path[:200], 0, "", "is neither a built-in scenario nor a folder", names, mend)])
    folder = read_folder(folder_path, log)
    written_end = _written_end(folder)
    if variant is not None:
        apply_variant(folder, variant, log)
    for key, value in (overrides or {}).items():
        apply_override(folder, key, value, ("--set", 0), log)
    if edit is not None:
        edit(folder)
    settings = read_settings(folder, log)
    rows = read_rows(folder, log)
    figure_rows = [row for row in rows.get("figures", ()) if isinstance(row, FigureRow)]
    numbers = bind_quantities(rows, settings, folder, read_figures(figure_rows, log), log)
    tables: dict[str, Any] = {"figure_rows" if name == "figures" else name: table for name, table in rows.items()}
    tables["targets"] = check_tables(Tables(**tables), settings, folder, numbers, log, written_end)
    log.stop_on_faults()
    if settings is None:
        raise RuntimeError("scenario.toml was not read and no fault was noted")
    return Scenario(
        **tables,
        path=folder_path,
        settings=settings,
        figures=numbers.named,
        literals=numbers.literal,
        warnings=tuple(sorted(set(log.warnings))),
        overrides=tuple((overrides or {}).items()),
        written_end=written_end,
        variant=variant,
        _expressions=numbers.expressions,
        _limits=numbers.limits,
    )


def _written_end(folder: Folder) -> dt.date | None:
    """The end of the horizon in scenario.toml; None where it cannot be read, which is a fault of its own."""
    section = (folder.settings or {}).get("scenario")
    end = section.get("end") if isinstance(section, dict) else None
    return end if isinstance(end, dt.date) and not isinstance(end, dt.datetime) else None
