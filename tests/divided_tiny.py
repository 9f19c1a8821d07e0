"""The tiny scenario with work elements: two operations that can be divided, and a test that cannot."""

from pathlib import Path

from ironworks.scenario import Scenario, read_scenario, scenario_path

ROUTE = "robot@shop"
OPERATIONS = """route,operation,after,station,time,cv,operators,skill,consumes,test,travel,kind,source
robot@shop,assemble,,bench,"100 [80, 150] min",0.2,1,assembler,motor:6,no,,assumed,test
robot@shop,cover,assemble,packing,60 min,0.1,1,assembler,,no,5 min,assumed,test
robot@shop,test,cover,stand,30 min,0.2,1,assembler,,yes,,assumed,test
"""
ELEMENTS = """item,element,operation,share,after,side,takes
robot,legs,assemble,0.45,,left,motor:3
robot,arms,assemble,0.35,legs,right,
robot,head,assemble,0.2,arms,,motor:2
robot,shell,cover,0.75,legs,,
robot,labels,cover,0.25,shell head,,
"""


def divided_tiny(folder: Path) -> Scenario:
    """Write it into a folder and read it."""
    for source in scenario_path("tiny").iterdir():
        if source.is_file():
            (folder / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "operations.csv").write_text(OPERATIONS)
    (folder / "elements.csv").write_text(ELEMENTS)
    stations = (folder / "stations.csv").read_text()
    (folder / "stations.csv").write_text(stations.replace("packing,shop,manual,1", "packing,shop,manual,2"))
    text = (folder / "scenario.toml").read_text()
    (folder / "scenario.toml").write_text(text + '\n[line]\nwalk = "= 2 min"\n')
    return read_scenario(folder)
