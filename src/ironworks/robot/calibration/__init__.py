"""Calibration on the gantry: a unit is moved, touched and weighed, and gets the model that fits it."""
