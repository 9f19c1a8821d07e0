"""A design becomes a MuJoCo model: one body for each link, masses from the bill of materials alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Joint, Link, Mass, Sensor, Shape, sensors_of
from ironworks.robot.drives import add_motors

__all__ = ["add_scene", "body_spec", "bounds", "stand_on_floor"]

Floats = NDArray[np.float64]

TIMESTEP = 0.002
_KINDS = {
    "box": mujoco.mjtGeom.mjGEOM_BOX,
    "ellipsoid": mujoco.mjtGeom.mjGEOM_ELLIPSOID,
    "capsule": mujoco.mjtGeom.mjGEOM_CAPSULE,
    "cylinder": mujoco.mjtGeom.mjGEOM_CYLINDER,
}
_SENSORS = {
    "imu": (("gyro", mujoco.mjtSensor.mjSENS_GYRO), ("accelerometer", mujoco.mjtSensor.mjSENS_ACCELEROMETER)),
    "force": (("force", mujoco.mjtSensor.mjSENS_FORCE), ("torque", mujoco.mjtSensor.mjSENS_TORQUE)),
}
#: Groups of geoms, as viewers switch them: what is only seen, and what also collides.
SEEN, FELT = 2, 1
#: Where fog begins and ends, in extents of the robot.
_FOG = (2.2, 7.0)


def body_spec(
    design: Design,
    masses: Mapping[str, Mass],
    *,
    pairs: bool = True,
    shapes: bool = True,
    frozen: Collection[str] = (),
    voltage: float | None = None,
) -> mujoco.MjSpec:
    """The robot alone, without a floor; `masses`: of each link (`Design.weigh`), as centre and inertia in its axes.

    Every driven joint has a motor of its name whose control is a torque [N m] at the joint; with the bus `voltage` [V]
    it follows the drive's torque-speed curve and delay (`drives.add_motors`). Shapes that collide do so with the world,
    and with one another in the design's `pairs`; without `shapes` it has neither. Joints named in `frozen` are left
    out: their links are held at zero. Each sensor of the design has a site of its name, and MuJoCo's own sensors where
    there are such.
    """
    spec = mujoco.MjSpec()
    spec.modelname = design.name
    spec.compiler.degree = False
    spec.compiler.autolimits = True
    spec.option.timestep = TIMESTEP
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    for name, material in design.materials.items():
        spec.add_material(name=name, rgba=list(material.rgba), specular=material.specular, shininess=material.shininess)
    bodies: dict[str, mujoco.MjsBody] = {}
    for link in design.links:
        parent = bodies[link.parent] if link.parent else spec.worldbody
        bodies[link.name] = body = _body(spec, parent, link, masses[link.name])
        if design.free and not link.parent:
            body.add_freejoint(name="root")
        if link.joint is not None and link.joint.name not in frozen:
            _hinge(body, link.joint)
        for shape in link.shapes if shapes else ():
            _geom(spec, body, shape)
    add_motors(spec, design, voltage, frozen)
    for joint in design.joints:
        if joint.follow is not None and joint.name not in frozen:
            spec.add_equality(
                name=joint.name,
                type=mujoco.mjtEq.mjEQ_JOINT,
                objtype=mujoco.mjtObj.mjOBJ_JOINT,
                name1=joint.name,
                name2=joint.follow.joint,
                data=[0.0, joint.follow.gain, *[0.0] * 10],
            )
    for one, other in design.pairs if pairs and shapes else ():
        spec.add_pair(
            name=f"{one}|{other}", geomname1=one, geomname2=other, condim=3, friction=[0.6, 0.6, 0.005, 1e-4, 1e-4]
        )
    for sensor in sensors_of(design):
        _sense(spec, bodies[sensor.link], sensor)
    return spec


def _sense(spec: mujoco.MjSpec, body: mujoco.MjsBody, sensor: Sensor) -> None:
    quaternion = np.empty(4)
    mujoco.mju_mat2Quat(quaternion, sensor.turn.ravel())
    body.add_site(name=sensor.name, pos=sensor.place, quat=quaternion, size=[0.008] * 3, group=4)
    if sensor.kind == "camera":
        # MuJoCo's cameras look along their -z, with x to the right.
        turn = sensor.turn @ np.array([[0.0, 0.0, -1.0], [-1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
        mujoco.mju_mat2Quat(quaternion, turn.ravel())
        body.add_camera(name=sensor.name, pos=sensor.place, quat=quaternion, fovy=np.degrees(sensor.view))
    for name, kind in _SENSORS.get(sensor.kind, ()):
        spec.add_sensor(name=f"{sensor.name}.{name}", type=kind, objtype=mujoco.mjtObj.mjOBJ_SITE, objname=sensor.name)


def _body(spec: mujoco.MjSpec, parent: mujoco.MjsBody, link: Link, mass: Mass) -> mujoco.MjsBody:
    body = parent.add_body(name=link.name, pos=link.origin)
    body.explicitinertial = True
    body.mass = mass.mass
    body.ipos = mass.centre
    i = mass.inertia
    body.fullinertia = [i[0, 0], i[1, 1], i[2, 2], i[0, 1], i[0, 2], i[1, 2]]
    return body


def _hinge(body: mujoco.MjsBody, joint: Joint) -> None:
    drive = joint.drive
    body.add_joint(
        name=joint.name,
        type=mujoco.mjtJoint.mjJNT_HINGE,
        axis=joint.axis,
        limited=np.isfinite(joint.low),
        range=[joint.low, joint.high] if np.isfinite(joint.low) else [0.0, 0.0],
        armature=drive.armature if drive else 1e-5,
        frictionloss=drive.friction if drive else 0.0,
        damping=[joint.damping, 0.0, 0.0],
        stiffness=[joint.stiffness, 0.0, 0.0],
    )


def _geom(spec: mujoco.MjSpec, body: mujoco.MjsBody, shape: Shape) -> None:
    common = {
        "name": shape.name,
        "pos": shape.centre,
        "material": shape.material,
        "mass": 0.0,
        "contype": 0,
        "conaffinity": 1 if shape.collides else 0,
        "group": FELT if shape.collides else SEEN,
    }
    if shape.mesh is None:
        body.add_geom(type=_KINDS[shape.kind], size=shape.size, **common)
        return
    spec.add_mesh(
        name=shape.name, uservert=shape.mesh.vertices.ravel(), userface=shape.mesh.faces.ravel(), smoothnormal=True
    )
    body.add_geom(type=mujoco.mjtGeom.mjGEOM_MESH, meshname=shape.name, **common)


def add_scene(spec: mujoco.MjSpec) -> None:
    """Add a floor that everything collides with, and light from three sides."""
    spec.add_texture(
        name="floor",
        type=mujoco.mjtTexture.mjTEXTURE_2D,
        builtin=mujoco.mjtBuiltin.mjBUILTIN_FLAT,
        mark=mujoco.mjtMark.mjMARK_EDGE,
        rgb1=[0.83, 0.84, 0.85],
        rgb2=[0.83, 0.84, 0.85],
        markrgb=[0.74, 0.755, 0.77],
        width=512,
        height=512,
    )
    spec.add_texture(
        name="sky",
        type=mujoco.mjtTexture.mjTEXTURE_SKYBOX,
        builtin=mujoco.mjtBuiltin.mjBUILTIN_GRADIENT,
        rgb1=[0.80, 0.83, 0.865],
        rgb2=[0.93, 0.94, 0.95],
        width=256,
        height=256,
    )
    floor = spec.add_material(name="floor", texrepeat=[2.0, 2.0], texuniform=True, reflectance=0.12, specular=0.1)
    floor.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = "floor"
    spec.worldbody.add_geom(
        name="floor",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[0.0, 0.0, 0.05],
        material="floor",
        contype=1,
        conaffinity=1,
        friction=[0.8, 0.02, 0.001],
    )
    for position, brightness, shadow in (
        ((2.5, 2.2, 5.0), 0.46, True),
        ((2.5, -3.0, 2.5), 0.24, False),
        ((-3.0, 0.5, 3.0), 0.30, False),
    ):
        direction = np.array([0.0, 0.0, 0.9]) - position
        spec.worldbody.add_light(
            pos=position,
            dir=direction / np.linalg.norm(direction),
            diffuse=[brightness] * 3,
            specular=[0.25] * 3,
            castshadow=shadow,
            type=mujoco.mjtLightType.mjLIGHT_SPOT if shadow else mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
            cutoff=70.0,
            exponent=1.0,
        )
    spec.visual.headlight.ambient = [0.34, 0.34, 0.35]
    spec.visual.headlight.diffuse = [0.12, 0.12, 0.12]
    # The floor fades into the sky, so that no horizon cuts through the picture.
    spec.visual.rgba.haze = [0.885, 0.9, 0.915, 1.0]
    spec.visual.rgba.fog = [0.885, 0.9, 0.915, 1.0]
    spec.visual.map.fogstart, spec.visual.map.fogend = _FOG
    # All of the shadow's pixels go to the few metres about the robot.
    spec.visual.map.shadowscale = 0.22
    spec.visual.quality.shadowsize = 8192
    spec.visual.quality.offsamples = 8
    # `global` is a Python word, so that the binding adds an underscore.
    spec.visual.global_.offwidth = 4096
    spec.visual.global_.offheight = 4096


def stand_on_floor(design: Design, model: mujoco.MjModel, data: mujoco.MjData) -> None:
    """Put the robot into its standing pose, with its lowest point on the floor at z = 0."""
    mujoco.mj_resetData(model, data)
    for joint in design.joints:
        angle = design.stand.get(joint.name, 0.0)
        if joint.follow is not None:
            angle = joint.follow.gain * design.stand.get(joint.follow.joint, 0.0)
        data.qpos[model.joint(joint.name).qposadr[0]] = angle
    mujoco.mj_forward(model, data)
    if not design.free:
        return
    data.qpos[2] -= bounds(model, data, felt=True)[0][2]
    mujoco.mj_forward(model, data)


def bounds(model: mujoco.MjModel, data: mujoco.MjData, *, felt: bool = False) -> tuple[Floats, Floats]:
    """Lowest and highest x, y, z (3,) [m] that the robot's shapes reach; `felt`: of those alone that can touch."""
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for g in np.flatnonzero(model.geom_bodyid > 0):
        if felt and model.geom_conaffinity[g] == 0:
            continue
        below, above = _reach(model, int(g), data.geom_xmat[g].reshape(3, 3))
        low, high = np.minimum(low, data.geom_xpos[g] + below), np.maximum(high, data.geom_xpos[g] + above)
    return low, high


def _reach(model: mujoco.MjModel, g: int, rotation: Floats) -> tuple[Floats, Floats]:
    kind, (a, b, _) = model.geom_type[g], model.geom_size[g]
    if kind == mujoco.mjtGeom.mjGEOM_MESH:
        mesh = model.geom_dataid[g]
        first, n = model.mesh_vertadr[mesh], model.mesh_vertnum[mesh]
        turned = model.mesh_vert[first : first + n] @ rotation.T
        return turned.min(axis=0), turned.max(axis=0)
    if kind == mujoco.mjtGeom.mjGEOM_BOX:
        reach = np.abs(rotation) @ model.geom_size[g]
    elif kind == mujoco.mjtGeom.mjGEOM_ELLIPSOID:
        reach = np.linalg.norm(rotation * model.geom_size[g], axis=1)
    else:
        along = np.abs(rotation[:, 2])
        across = 1.0 if kind == mujoco.mjtGeom.mjGEOM_CAPSULE else np.sqrt(np.maximum(1.0 - along**2, 0.0))
        reach = b * along + a * across
    return -reach, reach
