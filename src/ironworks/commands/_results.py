"""The files of a run: a summary in JSON, weekly tables as Parquet and CSV, figures, and the event log of one week."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from ironworks.commands._floor_summary import floor_summary
from ironworks.factory.flow.result import State
from ironworks.factory.flow.statistics import quantile
from ironworks.factory.trace import ocel_log, simulated_events, write_ocel_json, write_ocel_sqlite
from ironworks.outcome import QUANTILES, Outcome

__all__ = ["SUMMARY", "plain", "result_folder", "summary", "write_results"]

SUMMARY = "results.json"


@contextmanager
def result_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder that becomes `folder` when all went well, and vanishes when not.

    A folder of earlier results is replaced. Raises FileExistsError where something else stands there.
    """
    if folder.exists() and not (folder.is_dir() and ((folder / SUMMARY).exists() or not any(folder.iterdir()))):
        raise FileExistsError(17, "exists and holds no results; choose another --out", str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        temporary.chmod(0o755)
        yield temporary
        if folder.exists():
            # The old results leave only when the new ones are complete.
            old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-old-"))
            folder.replace(old)
            temporary.replace(folder)
            shutil.rmtree(old)
        else:
            temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_results(outcome: Outcome, folder: Path) -> None:
    """Write everything but the report into an existing folder."""
    text = json.dumps(summary(outcome), indent=2, ensure_ascii=False, allow_nan=False)
    (folder / SUMMARY).write_text(text + "\n", encoding="utf-8")
    for name, table in _tables(outcome).items():
        pa_parquet.write_table(table, folder / f"{name}.parquet")
        pa_csv.write_csv(table, folder / f"{name}.csv")
    if outcome.traced is not None:
        items = {route.route: route.item for route in outcome.scenario.routes}
        zone = ZoneInfo(outcome.scenario.settings.scenario.timezone)
        origin = datetime.combine(outcome.start, datetime.min.time(), zone)
        log = ocel_log(simulated_events(outcome.traced.run, items), origin)
        write_ocel_json(log, folder / "events.ocel.json")
        write_ocel_sqlite(log, folder / "events.ocel.sqlite")


def summary(outcome: Outcome) -> dict[str, Any]:
    """What results.json holds: plain numbers in SI, money in the base currency, dates as ISO texts, null for never."""
    general = outcome.scenario.settings.scenario
    result: dict[str, Any] = {
        "ironworks": version("ironworks"),
        "scenario": general.name,
        "title": general.title,
        "variant": outcome.variant or None,
        "overrides": dict(outcome.overrides),
        "seed": outcome.seed,
        "replications": len(outcome.replications),
        "start": general.start,
        "end": general.end,
        "currency": general.currency,
        "item": outcome.item,
        "targets": [_target(outcome, i) for i in range(len(outcome.targets))],
        "milestones": [
            {"count": m.count, "reached": m.reached, **_dates(outcome, m.quantiles)} for m in outcome.milestones
        ],
        "output_per_quarter": _quarters(outcome),
        "bottlenecks": _bottlenecks(outcome),
        "misses": [asdict(miss) for miss in outcome.misses],
        "cost": _costs(outcome),
        "orders": [asdict(order) for order in outcome.orders],
        "sites": [asdict(need) for need in outcome.sites],
        "floors": [floor_summary(plan) for plan in outcome.floors],
        "line": asdict(outcome.line) if outcome.line is not None else None,
        "overloaded": [{**asdict(c), "load": c.load} for c in outcome.capacity if c.load > 1],
        "assumed_figures": list(outcome.assumed),
        "seconds": outcome.seconds,
    }
    return {key: plain(value) for key, value in result.items()}


def _target(outcome: Outcome, i: int) -> dict[str, Any]:
    target = outcome.targets[i]
    common = {
        "name": target.name,
        "text": target.text,
        "kind": target.kind,
        "item": target.item,
        "probability": target.probability,
        "interval_95": [target.low, target.high],
        "unit": target.unit,
    }
    if target.kind == "sop":
        return {**common, "deadline": outcome.date_at(target.wanted), **_dates(outcome, target.quantiles)}
    low, middle, high = target.quantiles
    return {**common, "wanted": target.wanted, "p10": low, "p50": middle, "p90": high}


def _dates(outcome: Outcome, times: tuple[float, float, float]) -> dict[str, Any]:
    names = ("p10", "p50", "p90")
    return {n: outcome.date_at(t) if math.isfinite(t) else None for n, t in zip(names, times, strict=True)}


def _quarters(outcome: Outcome) -> list[dict[str, Any]]:
    weekly = outcome.output()
    begins = [outcome.date_at(t) for t in outcome.edges[:-1].tolist()]
    labels = [f"{day.year} Q{(day.month + 2) // 3}" for day in begins]
    rows = []
    for label in dict.fromkeys(labels):
        total = weekly[:, [one == label for one in labels]].sum(axis=1)
        rows.append({"quarter": label, **{f"p{q * 100:.0f}": quantile(total, q) for q in QUANTILES}})
    return rows


def _bottlenecks(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {}
    elastic = outcome.elasticities
    if elastic is not None:
        found["elasticities"] = [
            {
                "station": name,
                "overall": elastic.overall[i].tolist(),
                "quarters": {
                    label: [float(x[i, p]) for x in (elastic.mean, elastic.low, elastic.high)]
                    for p, label in enumerate(elastic.labels)
                },
            }
            for i, name in enumerate(elastic.stations)
        ]
        found["replications"], found["change_of_rates"] = elastic.replications, elastic.change
    if outcome.traced is not None:
        seen = outcome.traced.bottlenecks
        found["active_periods"] = {
            "from": outcome.date_at(outcome.traced.window[0]),
            "to": outcome.date_at(outcome.traced.window[1]),
            "stations": [
                {"station": name, "sole": float(sole), "shifting": float(shifting)}
                for name, sole, shifting in zip(seen.stations, seen.sole, seen.shifting, strict=True)
                if sole + shifting > 0
            ],
        }
    return found


def _costs(outcome: Outcome) -> list[dict[str, Any]]:
    rows = []
    for years in zip(*outcome.costs, strict=True):
        row: dict[str, Any] = {"year": years[0].year}
        for name in ("units", "investment", "depreciation", "people", "energy", "material", "overhead", "joules"):
            row[name] = float(np.mean([getattr(year, name) for year in years]))
        each = np.array([year.per_unit for year in years])
        each = each[np.isfinite(each)]
        row["per_unit"] = [quantile(each, q) for q in QUANTILES] if len(each) else None
        rows.append(row)
    return rows


def _tables(outcome: Outcome) -> Mapping[str, pa.Table]:
    days = [outcome.date_at(t).date() for t in outcome.edges[:-1].tolist()]
    return {
        "weekly": _weekly(outcome, days),
        "stations": _stations(outcome, days),
        "stores": _stores(outcome, days),
        "costs": pa.Table.from_pylist(
            [
                {"replication": run.replication, **asdict(year), "per_unit": year.per_unit}
                for run, years in zip(outcome.replications, outcome.costs, strict=True)
                for year in years
            ]
        ),
        "figures": _figures(outcome),
        "draws": pa.table(
            {
                "replication": [run.replication for run in outcome.replications],
                **{name: outcome.draws.values[:, i] for i, name in enumerate(outcome.draws.ids)},
            }
        ),
    }


def _weekly(outcome: Outcome, days: list[date]) -> pa.Table:
    """One row per replication and week: pieces finished and shipped of the product, units in process, lead time."""
    finished, shipped = outcome.output(), outcome.output(shipped=True)
    count, bins = finished.shape
    columns = [outcome.replications[0].names.routings.index(name) for name in outcome.routes]
    wip = np.stack([run.wip_mean[:, columns].sum(axis=1) for run in outcome.replications])
    with np.errstate(invalid="ignore"):
        lead = np.stack(
            [_mean_lead(run.lead_time[:, columns], run.finished[:, columns]) for run in outcome.replications]
        )
    return pa.table(
        {
            "replication": np.repeat([run.replication for run in outcome.replications], bins),
            "week": days * count,
            "finished": finished.ravel(),
            "shipped": shipped.ravel(),
            "in_process": wip.ravel(),
            "lead_time_s": pa.array(lead.ravel(), from_pandas=True),
        }
    )


def _mean_lead(lead: np.ndarray[Any, Any], finished: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    total = finished.sum(axis=1)
    mean: np.ndarray[Any, Any] = np.where(total > 0, np.nansum(lead * finished, axis=1) / np.maximum(total, 1), np.nan)
    return mean


def _stations(outcome: Outcome, days: list[date]) -> pa.Table:
    """Mean place-hours per week, station and state over the replications."""
    mean = np.mean([run.states for run in outcome.replications], axis=0) / 3600.0
    bins, stations, _ = mean.shape
    names = outcome.replications[0].names.stations
    return pa.table(
        {
            "week": [day for day in days for _ in range(stations)],
            "station": list(names) * bins,
            **{state.name.lower() + "_h": mean[:, :, state].ravel() for state in State},
        }
    )


def _stores(outcome: Outcome, days: list[date]) -> pa.Table:
    """Mean stock, deliveries, units taken and hours short per week and store over the replications."""
    names = outcome.replications[0].names.stores

    def mean(field: str) -> np.ndarray[Any, Any]:
        return np.mean([getattr(run, field) for run in outcome.replications], axis=0).ravel()  # type: ignore[no-any-return]

    return pa.table(
        {
            "week": [day for day in days for _ in names],
            "store": list(names) * len(days),
            "stock": mean("stock_mean"),
            "taken": mean("consumed"),
            "delivered": mean("delivered"),
            "short_h": mean("short") / 3600.0,
        }
    )


def _figures(outcome: Outcome) -> pa.Table:
    """Every figure that the scenario holds, with its source."""
    keys = ("id", "quantity", "value", "low", "high", "unit", "kind", "source", "role", "distribution", "group", "note")
    return pa.Table.from_pylist(
        [{key: getattr(figure, key) for key in keys} for figure in outcome.scenario.all_figures()]
    )


def plain(value: Any) -> Any:
    """JSON's own types; numbers that are no numbers become null."""
    match value:
        case dict():
            return {key: plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case float() | np.floating():
            return float(value) if math.isfinite(value) else None
        case np.integer():
            return int(value)
        case np.bool_():
            return bool(value)
        case np.ndarray():
            return plain(value.tolist())
        case _:
            return value
