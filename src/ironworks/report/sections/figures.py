"""The floor of assumptions: every figure that went in."""

from __future__ import annotations

from collections import Counter

from ironworks.figures import Figure
from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Partial, Section

KINDS = ("measured", "article", "public", "assumed")
MEANING = {
    "measured": "measured on this plant or product",
    "article": "the announcement that the scenario starts from",
    "public": "another published source",
    "assumed": "nobody has published it: our assumption, with a range",
}


def figures(outcome: Outcome) -> Section:
    """All input figures with value, range, unit, kind and source, to search and filter; counts by kind."""
    rows = [_row(figure) for figure in outcome.scenario.all_figures() if figure.role == "input"]
    rows += [_row(figure) for figure in outcome.scenario.all_figures() if figure.role in ("target", "check")]
    inputs = [row for row in rows if row["role"] == "input"]
    counts = Counter(str(row["kind"]) for row in inputs)
    ranged = sum(bool(row["range"]) for row in inputs if row["kind"] == "assumed")
    data: dict[str, object] = {
        "rows": rows,
        "total": words.number(len(inputs)),
        "counts": [(kind, words.number(counts.get(kind, 0)), MEANING[kind]) for kind in KINDS],
        "ranged": words.number(ranged),
    }
    return Section("figures", "Figures", "Every figure that went in", (Partial("figures.html.j2", data),))


def _row(figure: Figure) -> dict[str, object]:
    if figure.value is None:
        value, span = figure.text, ""
    else:
        low, middle, high = figure.bounds()
        value = words.number(middle, 4)
        span = f"{words.number(low, 4)} to {words.number(high, 4)}" if figure.is_uncertain else ""
    return {
        "id": figure.id,
        "quantity": figure.quantity,
        "value": value,
        "range": span,
        "unit": words.unit(figure.unit),
        "kind": figure.kind,
        "source": figure.source,
        "link": figure.source if figure.source.startswith(("https://", "http://")) and " " not in figure.source else "",
        "role": figure.role,
        "note": figure.note,
    }
