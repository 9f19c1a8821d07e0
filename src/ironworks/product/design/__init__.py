"""What a robot is: links, joints, drives, shapes, and which part of the bill of materials sits where."""

from ironworks.product.design.bill import Bill, bill_of
from ironworks.product.design.face import Face, face_of
from ironworks.product.design.muscles import Muscle, Waypoint, muscles_of
from ironworks.product.design.read import builtin_designs, read_design
from ironworks.product.design.sensors import Sensor, sensors_of
from ironworks.product.design.solids import Mass, Mesh, box_mass, cylinder_mass, loft, mesh_mass
from ironworks.product.design.tree import Design, Drive, Follow, Joint, Link, Material, Mount, Shape

__all__ = [
    "Bill",
    "Design",
    "Drive",
    "Face",
    "Follow",
    "Joint",
    "Link",
    "Mass",
    "Material",
    "Mesh",
    "Mount",
    "Muscle",
    "Sensor",
    "Shape",
    "Waypoint",
    "bill_of",
    "box_mass",
    "builtin_designs",
    "cylinder_mass",
    "face_of",
    "loft",
    "mesh_mass",
    "muscles_of",
    "read_design",
    "sensors_of",
]
