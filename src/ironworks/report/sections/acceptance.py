"""What the acceptance bench found, and how the plant used it."""

from __future__ import annotations

import numpy as np

from ironworks.factory.flow.statistics import wilson
from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Chart, Folded, Picture, Section, Table, Text, chart
from ironworks.report.plots.bars import plot_bars
from ironworks.report.plots.first_pass import plot_first_pass
from ironworks.report.plots.scales import plot_scales
from ironworks.report.plots.theme import RED, new_figure
from ironworks.verdicts import NOT_RUN, Tally, Verdicts

_SHOWN = 12


def acceptance(outcome: Outcome) -> Section | None:
    """Yields by procedure and by scale, causes and minutes; None where no bench was used."""
    verdicts = outcome.verdicts
    if verdicts is None or outcome.scenario.settings.acceptance is None:
        return None
    scale = min(verdicts.scales, key=lambda s: abs(np.log(s)))
    items = sorted(verdicts.items, key=lambda item: item != outcome.item)
    blocks: list[Block] = [*_told(outcome, verdicts, items[0], scale)]
    if outcome.unit_picture is not None:
        caption = "One unit of the sample, as it was built, on the bench. Rendered from the model that was tested."
        blocks.append(Picture.of(outcome.unit_picture, "A unit on the bench", caption))
    if outcome.field_trial_picture is not None:
        caption = (
            "One unit, as it was built, at the end of each course of its field trial, with the verdict. It walks by "
            "its own controller, from its own sensors."
        )
        blocks.append(Picture.of(outcome.field_trial_picture, "A unit on its legs", caption))
    each = [(*_procedures(verdicts, item, scale), *_causes(verdicts, item, scale)) for item in items]
    blocks += [*each[0], _scales(outcome, verdicts, items)]
    if len(items) > 1:
        title = "Procedures and causes of the other items"
        blocks.append(Folded(title, [block for charts in each[1:] for block in charts]))
    blocks.append(_minutes(verdicts, items, scale))
    blocks += [Text(words.prose(note), "note") for note in outcome.notes]
    return Section("acceptance", "Acceptance", "What did the bench find?", blocks)


def _told(outcome: Outcome, verdicts: Verdicts, item: str, scale: float) -> list[Text]:
    law = outcome.scenario.settings.acceptance
    assert law is not None
    mode = outcome.scenario.mode()
    units = sum(len(verdicts.sample(name, s).units) for name in verdicts.items for s in verdicts.scales_of(name))
    used = len(outcome.scenario.bench)
    scales = words.listed([f"{s:g}" for s in verdicts.scales])
    near = _near(verdicts, item, scale)
    whole = verdicts.first_pass_of_item(item, near)
    alone = float(np.prod([tally.share for tally in verdicts.first_pass(item, near).values()]))
    return [
        Text(
            f"{words.number(units)} units of the design {words.plain(law.design)} and its modules were drawn with "
            f"their own deviations and tested in simulation, at {scales} times the spreads and fault rates. Each "
            f"unit of the plant takes the failures and the minutes of one of them, as a whole row, for {used} "
            f"procedures; the assumed yields of their tests are off in this run. The multiple goes from "
            f"{mode(law.first):g} at the first unit to {mode(law.mature):g}, half of the way within "
            f"{words.number(mode(law.experience))} units."
        ),
        Text(
            f"Whole rows, since failures keep company: at scale {near:g}, {words.percent(whole.share)} of the "
            f"{words.plain(item)}s pass everything the first time; independent procedures would pass "
            f"{words.percent(alone)}."
        ),
        *_trial(verdicts),
        Text(
            "Simulated are bodies, sensors, procedures and limits. Assumed are spreads, fault rates, and how both fall "
            "with experience.",
            "note",
        ),
    ]


def _trial(verdicts: Verdicts) -> list[Text]:
    later = verdicts.meta.get("later")
    if not later:
        return []
    scales = words.listed([f"{s:g}" for s in sorted(later["scales"])])
    return [
        Text(
            f"On their legs were {words.number(later['units'])} units, drawn at {scales} times the spreads, that had "
            "passed the bench before. A unit of the plant comes to its field trial as one of them, whatever was "
            "repaired before. One that fails is calibrated anew and walks again."
        )
    ]


def _near(verdicts: Verdicts, item: str, scale: float) -> float:
    """The scale of an item that is nearest to the wanted one."""
    return min(verdicts.scales_of(item), key=lambda s: abs(np.log(s / scale)))


def _wilson(tally: Tally) -> tuple[float, float, float]:
    interval = wilson(tally.passed, tally.tested)
    return interval.mean, interval.low, interval.high


def _procedures(verdicts: Verdicts, item: str, wanted: float) -> list[Chart]:
    scale = _near(verdicts, item, wanted)
    tallies = sorted(verdicts.first_pass(item, scale).items(), key=lambda pair: pair[1].share)
    share, low, high = np.array([_wilson(tally) for _, tally in tallies]).T
    whole = verdicts.first_pass_of_item(item, scale)
    figure, ax = new_figure(9.2, 0.26 * (len(tallies) + 1) + 0.7)
    plot_first_pass([words.plain(name) for name, _ in tallies], share, low, high, ax, _wilson(whole))
    caption = (
        f"Share of {whole.tested} simulated units that each procedure passes at the first attempt, at scale {scale:g}; "
        "bar: Wilson 95 % interval of the sample. Marginal counts as passed. Last row: units that pass everything."
    )
    name = words.plain(item)
    return [chart(figure, f"first-pass-{item}", f"First-pass yield of the {name} by procedure", caption)]


def _causes(verdicts: Verdicts, item: str, wanted: float) -> list[Chart]:
    scale = _near(verdicts, item, wanted)
    counts = verdicts.causes(item, scale)
    if not counts:
        return []
    units = verdicts.first_pass_of_item(item, scale).tested
    shown = list(counts.items())[:_SHOWN]
    figure, ax = new_figure(9.2, 0.26 * len(shown) + 0.7)
    share = np.array([count / units * 100 for _, count in shown])
    _, low, high = np.array([_wilson(Tally(count, units)) for _, count in shown]).T * 100
    plot_bars([words.plain(cause) for cause, _ in shown], share, "% of units", ax, low, high, RED)
    left = f" {len(counts) - len(shown)} rarer causes are left out." if len(counts) > len(shown) else ""
    caption = (
        f"Units that failed at the first attempt with this cause, at scale {scale:g}; whisker: Wilson 95 % interval. A "
        f"unit counts once per cause, however many procedures it fails. No fault found: a sound one was rejected.{left}"
    )
    return [chart(figure, f"causes-{item}", f"Causes of failure of the {words.plain(item)}", caption)]


def _scales(outcome: Outcome, verdicts: Verdicts, items: list[str]) -> Chart:
    law = outcome.scenario.settings.acceptance
    assert law is not None
    mode = outcome.scenario.mode()
    lines = {}
    for item in items:
        known = verdicts.scales_of(item)
        found = np.array([_wilson(verdicts.first_pass_of_item(item, s)) for s in known])
        lines[words.plain(item)] = (known, found[:, 0], found[:, 1], found[:, 2])
    figure, ax = new_figure(9.2, 3.6)
    plot_scales(lines, mode(law.first), mode(law.mature), ax)
    caption = (
        "Units that pass all procedures at the first attempt, in samples drawn with that multiple of the spreads and "
        "fault rates; bands: Wilson 95 % intervals. Dashed: where the plant begins and where it ends, by assumption. "
        "Between two samples the plant takes rows of both, in shares linear in the logarithm of the scale."
    )
    return chart(figure, "acceptance-scales", "First-pass yield as the spreads narrow", caption)


def _minutes(verdicts: Verdicts, items: list[str], wanted: float) -> Table:
    rows = []
    for item in items:
        sample = verdicts.sample(item, scale := _near(verdicts, item, wanted))
        first = verdicts.first_pass(item, scale)
        for p, name in enumerate(sample.procedures):
            took = sample.minutes[:, p, 0]
            again = sample.minutes[:, p, 1:][sample.verdict[:, p, 1:] != NOT_RUN]
            rows.append(
                (
                    words.plain(item),
                    words.plain(name),
                    str(first[name].tested),
                    str(first[name].tested - first[name].passed),
                    words.number(float(np.median(took))),
                    words.number(float(np.quantile(took, 0.9))),
                    words.number(float(np.median(again)) if len(again) else float("nan")),
                )
            )
    columns = ("Item", "Procedure", "Units", "Failed", "Minutes, median", "P90", "again, median")
    note = (
        "Plant minutes of the first attempt, retests included, and of attempts after a repair. The plant draws the "
        "time of a test as it does without a bench, times the minutes of the unit over the median of those that pass."
    )
    return Table("Minutes on the bench", columns, rows, (2, 3, 4, 5, 6), note, folded=True)
