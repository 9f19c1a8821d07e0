"""The verdicts of a scenario's bench for the commands that run its plant, with progress where they have to be made."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ironworks.commands._progress import progress
from ironworks.scenario import Scenario
from ironworks.verdicts import Verdicts

__all__ = ["bench_verdicts"]


def bench_verdicts(
    scenario: Scenario, console: Console, *, workers: int | None, units: int | None = None
) -> Verdicts | None:
    """What the bench said of units of the scenario; None where the scenario has no bench. Warnings are shown."""
    if scenario.settings.acceptance is None or not scenario.bench:
        return None
    # MuJoCo is loaded by those alone who need it.
    from ironworks.studies import field_trial
    from ironworks.studies.acceptance import UNITS, verdicts_for

    def warn(said: str) -> None:
        console.print(Text(f"warning: {said}", style="yellow"))

    with progress(console, f"{scenario.name}: units on the bench") as advance:
        found = verdicts_for(scenario, units=units or UNITS, workers=workers, on_progress=advance, on_warning=warn)
    with progress(console, f"{scenario.name}: units on their legs") as advance:
        walkers = units or field_trial.UNITS
        return field_trial.followed(
            scenario, found, units=walkers, workers=workers, on_progress=advance, on_warning=warn
        )
