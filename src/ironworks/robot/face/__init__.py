"""The curved face display: what it shows, where the robot looks, and how a built one is measured."""

from ironworks.robot.face.display import DisplayMeasurements, DisplayState, draw_display, measure_display
from ironworks.robot.face.draw import draw_face, pupils
from ironworks.robot.face.expression import Expression, Gaze, State, blink_times, openness
from ironworks.robot.face.gaze import gaze_towards, share_gaze
from ironworks.robot.face.patch import add_face, paint_face

__all__ = [
    "DisplayMeasurements",
    "DisplayState",
    "Expression",
    "Gaze",
    "State",
    "add_face",
    "blink_times",
    "draw_display",
    "draw_face",
    "gaze_towards",
    "measure_display",
    "openness",
    "paint_face",
    "pupils",
    "share_gaze",
]
