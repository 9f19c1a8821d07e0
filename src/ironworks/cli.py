"""The command line: arguments only. Each group of commands is a module of `commands`, registered here."""

import sys

import typer
from rich.console import Console
from rich.text import Text

from ironworks.commands import accept, balance, compare, layout, plan, robot, run, scenario
from ironworks.faults import ScenarioFaults

__all__ = ["app", "main"]

REFUSED = 1
FAULTS = 2
INTERRUPTED = 130

app = typer.Typer(
    help="The open digital twin of a full-chain humanoid-robot factory.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

# A group of commands: one line. A single command: app.command("run")(run.run).
app.add_typer(scenario.app, name="scenario")
app.add_typer(robot.app, name="robot")
app.command("run")(run.run)
app.command("compare")(compare.compare)
app.command("accept")(accept.accept)
app.command("balance")(balance.balance)
app.command("layout")(layout.layout)
app.command("plan")(plan.plan)


def main() -> None:
    """Run the command line.

    Exit codes: 0 done, 1 the machine refused, 2 faults in what was given, 3 a deadlock in the plant, 4 no plan for
    what was wanted, 130 interrupted.
    """
    try:
        app()
    except ScenarioFaults as faults:
        _list_faults(faults)
        sys.exit(FAULTS)
    except OSError as error:
        if error.filename is None:
            raise
        _console().print(Text(f"{error.filename}: {error.strerror}; nothing half-written is left", style="red"))
        sys.exit(REFUSED)
    except SystemExit as stop:
        # Typer turns an interruption into this exit code and says nothing.
        if stop.code == INTERRUPTED:
            _console().print("interrupted; nothing half-written is left")
        raise


def _console() -> Console:
    return Console(stderr=True, soft_wrap=True, highlight=False)


def _list_faults(faults: ScenarioFaults) -> None:
    console = _console()
    for warning in faults.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
    for fault in faults.faults:
        console.print(Text(str(fault), style="red"))
    number = len(faults.faults)
    console.print(Text(f"{number} fault{'s' if number > 1 else ''}; nothing was run", style="bold"))
