"""Tables that give the tiny scenario halls, docks, racks and carriers."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from ironworks.scenario import scenario_path

HALLS = """hall,site,bays_x,bays_y,bay_x,bay_y,clear_height,floor_load,power,air,rooms,kind,source
h1,shop,2,2,10 m,10 m,5 m,20 kN/m2,100 kW,50 m3/hour,plain clean,assumed,chosen for a test
"""
DOCKS = """dock,hall,x,y,goods,note
goods_in,h1,0 m,15 m,in,
goods_out,h1,20 m,15 m,out,
"""
STORES = """store,site,holds,footprint,load,trip,kind,source
racks,shop,,8 m2,50 kg,4 kg,assumed,chosen for a test
"""
FLEETS = """fleet,carriers,speed,handling,kind,source
carts,1,0.5 m/s,40 s,assumed,chosen for a test
"""
OPERATIONS = """route,operation,after,station,time,distribution,cv,operators,skill,learning,at_unit,consumes,setup,\
test,false_reject,travel,fleet,kind,source,note
robot@shop,assemble,,bench,= assemble_time,lognormal,0.2,1,assembler,manual,1,motor:6,no,no,,10 min,carts,assumed,\
chosen for a test,
robot@shop,test,assemble,stand,30 min,constant,,0,,,,,no,yes,0.01,,,assumed,chosen for a test,
robot@shop,pack,test,packing,20 min,lognormal,0.15,1,assembler,manual,1,,no,no,,,,assumed,chosen for a test,
"""
TABLES = {
    "halls.csv": HALLS, "docks.csv": DOCKS, "stores.csv": STORES, "fleets.csv": FLEETS, "operations.csv": OPERATIONS,
}  # fmt: skip
"""Of one hall of 20 m by 20 m, whose assembly hands robots on by cart."""


def folder_with_halls(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """The tiny scenario with these tables, and with some files replaced, as a new folder."""
    target = folder / "hall"
    shutil.copytree(scenario_path("tiny"), target)
    for name, text in {**TABLES, **(files or {})}.items():
        (target / name).write_text(text, encoding="utf-8")
    return target
