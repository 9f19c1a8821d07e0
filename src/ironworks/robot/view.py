"""A robot in the browser: joints on sliders, and what the eye does not see laid over it. Needs viser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import mujoco
import numpy as np
import trimesh
import viser
from numpy.typing import NDArray

from ironworks.product.design import Bill, Design, Joint, Link, Mass, face_of, muscles_of
from ironworks.robot.body import FELT, body_spec, bounds, stand_on_floor
from ironworks.robot.face import Expression, add_face, draw_face
from ironworks.robot.muscles import add_muscles
from ironworks.robot.overlays import centroid, equivalent_box, support, tendon_paths

__all__ = ["RobotViewer", "limbs"]

Floats = NDArray[np.float64]
_OVERLAYS = ("mass", "inertia", "joint axes", "link frames", "tendons", "centre of mass and support")
_SHAPES = ("all shapes", "what collides", "what is only seen")
#: Opacity of the body while something inside it is shown.
_GHOST = 0.22
#: Radius [m] of the ball of one kilogram.
_BALL = 0.035
_AMBER, _BLUE, _RED, _GREEN = (245, 160, 40), (60, 130, 246), (220, 60, 70), (30, 160, 90)


def limbs(design: Design) -> dict[str, list[Joint]]:
    """Joints by limb: the runs of the tree from one branching to the next, named by their first and last joint."""
    children: dict[str, int] = {}
    for link in design.links:
        children[link.parent] = children.get(link.parent, 0) + 1
    runs: list[list[Joint]] = []
    run_of: dict[str, list[Joint]] = {}
    for link in design.links:
        run = run_of.get(link.parent)
        if run is None or children[link.parent] > 1:
            runs.append(run := [])
        run_of[link.name] = run
        if link.joint is not None:
            run.append(link.joint)
    return {_label(run): run for run in runs if run}


def _label(run: list[Joint]) -> str:
    first, last = (joint.name.replace("_", " ") for joint in (run[0], run[-1]))
    return first if first == last else f"{first} ... {last}"


class RobotViewer:
    """Serves one robot in its standing pose; `sliders` holds a slider [deg] for each joint that moves by itself."""

    def __init__(
        self, design: Design, bill: Bill, weights: Mapping[str, Mass], host: str = "127.0.0.1", port: int = 8080
    ) -> None:
        """Start the server; it takes the next free port where `port` is taken."""
        self.design, self._bill, self._weights = design, bill, weights
        spec = body_spec(design, weights, pairs=False)
        add_muscles(spec, design, muscles_of(design))
        face = face_of(design)
        self._picture = draw_face(face, Expression(), min(face.rows, 500)) if face is not None else None
        if face is not None and self._picture is not None:
            add_face(spec, design, face, self._picture)
        self.model = spec.compile()
        self.data = mujoco.MjData(self.model)
        self._lock = threading.RLock()
        stand_on_floor(design, self.model, self.data)
        self._stand = self.data.qpos.copy()
        self.server = viser.ViserServer(host=host, port=port, label=f"Ironworks: {design.name}", verbose=False)
        self.url = f"http://{host}:{self.server.get_port()}"
        self.frames: dict[str, Any] = {}
        self.sliders: dict[str, Any] = {}
        self.overlays: dict[str, Any] = {}
        self._bodies: list[tuple[Any, bool, float]] = []
        self._solids: list[tuple[int, Floats]] = []
        self._over: dict[str, list[Any]] = {name: [] for name in _OVERLAYS}
        try:
            self._build_scene()
            self._build_panel()
            self.refresh()
        except BaseException:
            # A server that goes on would keep the process alive.
            self.close()
            raise

    def close(self) -> None:
        """End the server."""
        self.server.stop()

    def refresh(self) -> None:
        """Pose the model as the sliders say, on the floor, and move the scene after it."""
        with self._lock:
            data, model = self.data, self.model
            data.qpos[:] = self._stand
            for joint in self.design.joints:
                slider = self.sliders[joint.follow.joint if joint.follow else joint.name]
                angle = np.radians(slider.value) * (joint.follow.gain if joint.follow else 1.0)
                data.qpos[model.joint(joint.name).qposadr[0]] = angle
            mujoco.mj_forward(model, data)
            if self.design.free:
                data.qpos[2] -= bounds(model, data, felt=True)[0][2]
                mujoco.mj_forward(model, data)
            with self.server.atomic():
                self._move()

    def _build_scene(self) -> None:
        scene, model = self.server.scene, self.model
        scene.set_up_direction("+z")
        # The viewer's own lights burn light panels out.
        scene.configure_default_lights(enabled=False)
        scene.add_light_hemisphere("/sky", sky_color=(255, 255, 255), ground_color=(150, 150, 155), intensity=1.1)
        scene.add_light_directional("/sun", intensity=1.5, cast_shadow=True, position=(2.0, -1.5, 4.0))
        scene.set_background_image(np.full((2, 2, 3), 226, np.uint8))
        # Before the robot and a little to its left, as far away as it is large.
        low, high = bounds(model, self.data)
        self.server.initial_camera.look_at = (low + high) / 2.0
        self.server.initial_camera.position = (low + high) / 2.0 + np.max(high - low) * np.array([1.5, -0.8, 0.3])
        self.server.initial_camera.fov = np.radians(42.0)
        scene.add_grid("/floor", width=4.0, height=4.0, cell_size=0.25, section_size=1.0)
        for link in self.design.links:
            self.frames[link.name] = scene.add_frame(
                f"/{link.name}", show_axes=False, axes_length=0.09, axes_radius=0.003
            )
            mass = self._weights[link.name]
            body = model.body(link.name)
            place: dict[str, Any] = {"position": body.ipos, "wxyz": body.iquat, "visible": False}
            radius = _BALL * mass.mass ** (1.0 / 3.0)
            ball = scene.add_icosphere(f"/{link.name}/mass", radius=radius, color=_AMBER, **place)
            sides = equivalent_box(mass.mass, body.inertia)
            box = scene.add_box(f"/{link.name}/inertia", dimensions=tuple(sides), color=_BLUE, wireframe=True, **place)
            self._over["mass"].append(ball)
            self._over["inertia"].append(box)
        for g in np.flatnonzero(model.geom_bodyid > 0):
            self._add_geom(int(g))
        hidden: dict[str, Any] = {"visible": False}
        none = np.zeros((1, 2, 3), np.float32)
        self._axes = scene.add_line_segments("/joint_axes", none, _RED, thickness=0.004, **hidden)
        self._tendons = scene.add_line_segments("/tendons", none, _RED, thickness=0.005, **hidden)
        self._outline = scene.add_line_segments("/support", none, _GREEN, thickness=0.004, **hidden)
        self._plumb = scene.add_line_segments("/plumb_line", none, _RED, thickness=0.003, **hidden)
        self._whole = scene.add_icosphere("/centre_of_mass", radius=0.022, color=_RED, **hidden)
        self._middle = scene.add_icosphere("/centre_of_support", radius=0.012, color=_GREEN, **hidden)
        self._over["joint axes"].append(self._axes)
        self._over["tendons"].append(self._tendons)
        self._over["centre of mass and support"] += [self._outline, self._plumb, self._whole, self._middle]

    def _add_geom(self, g: int) -> None:
        scene, model = self.server.scene, self.model
        geom = model.geom(g)
        link = model.body(geom.bodyid[0]).name
        name = f"/{link}/{geom.name.rpartition('.')[2]}"
        place: dict[str, Any] = {"position": geom.pos, "wxyz": geom.quat}
        rgba = model.mat_rgba[geom.matid[0]]
        vertices, faces = _triangles(model, g)
        if geom.name == "face" and self._picture is not None:
            handle: Any = scene.add_mesh_trimesh(name, _display(model, g, vertices, faces, self._picture), **place)
        elif geom.name == "face_glass":
            return
        else:
            colour = tuple(round(255.0 * float(x)) for x in rgba[:3])
            handle = scene.add_mesh_simple(name, vertices, faces, color=colour, **place)
            felt = int(geom.group[0]) == FELT
            self._bodies.append((handle, felt, float(rgba[3])))
            if felt:
                self._solids.append((g, vertices))
        handle.on_click(lambda _: self._pick(link))

    def _build_panel(self) -> None:
        gui = self.server.gui
        gui.configure_theme(show_logo=False, show_share_button=False)
        gui.main_panel.dock_right()
        gui.add_markdown(f"**{self.design.title}**")
        tabs = gui.add_tab_group()
        with tabs.add_tab("Joints"):
            button = gui.add_button("Standing pose")
            button.on_click(lambda _: self._reset())
            for label, joints in limbs(self.design).items():
                own = [joint for joint in joints if joint.follow is None]
                if own:
                    with gui.add_folder(label, expand_by_default=False):
                        for joint in own:
                            self._add_slider(joint)
        with tabs.add_tab("Overlays"):
            for name in _OVERLAYS:
                box = gui.add_checkbox(name, False, disabled=name == "tendons" and self.model.ntendon == 0)
                box.on_update(lambda _: self._show())
                self.overlays[name] = box
            self._shapes = gui.add_dropdown("shapes", _SHAPES)
            self._shapes.on_update(lambda _: self._show())
        with tabs.add_tab("Link"):
            self._picked = gui.add_dropdown("link", tuple(link.name for link in self.design.links))
            self._table = gui.add_markdown("")
            self._picked.on_update(lambda _: self._tell())
        self._tell()

    def _add_slider(self, joint: Joint) -> None:
        low, high = (np.degrees(x) if np.isfinite(x) else np.copysign(180.0, x) for x in (joint.low, joint.high))
        at = float(np.degrees(self._stand[self.model.joint(joint.name).qposadr[0]]))
        followers = [other.name for other in self.design.joints if other.follow and other.follow.joint == joint.name]
        slider = self.server.gui.add_slider(
            f"{joint.name.replace('_', ' ')}, deg",
            min=float(round(low, 3)),
            max=float(round(high, 3)),
            step=0.5,
            initial_value=min(max(at, low), high),
            hint=f"moves {', '.join(followers)} too" if followers else None,
        )
        slider.on_update(lambda _: self.refresh())
        self.sliders[joint.name] = slider

    def _reset(self) -> None:
        for name, slider in self.sliders.items():
            slider.value = float(np.degrees(self._stand[self.model.joint(name).qposadr[0]]))
        self.refresh()

    def _show(self) -> None:
        on = {name: bool(box.value) for name, box in self.overlays.items()}
        for name, handles in self._over.items():
            for handle in handles:
                handle.visible = on[name]
        for frame in self.frames.values():
            frame.show_axes = on["link frames"]
        # The support lies beneath the robot; all else is inside it.
        ghost = any(on[name] for name in _OVERLAYS)
        for handle, felt, opacity in self._bodies:
            handle.opacity = _GHOST if ghost else opacity if opacity < 1.0 else None
            handle.visible = self._shapes.value == _SHAPES[0] or felt == (self._shapes.value == _SHAPES[1])

    def _move(self) -> None:
        data = self.data
        for name, frame in self.frames.items():
            body = data.body(name)
            frame.position, frame.wxyz = body.xpos, body.xquat
        hinges = np.flatnonzero(self.model.jnt_type == mujoco.mjtJoint.mjJNT_HINGE)
        half = 0.05 * data.xaxis[hinges]
        self._axes.points = np.stack([data.xanchor[hinges] - half, data.xanchor[hinges] + half], axis=1)
        paths = tendon_paths(self.model, data)
        if len(paths):
            self._tendons.points = paths
        whole = data.subtree_com[self.model.body(self.design.links[0].name).id]
        below = whole * (1.0, 1.0, 0.0)
        self._whole.position = whole
        self._plumb.points = np.array([[whole, below]])
        outline = support(self._felt_points())
        edge = np.column_stack([outline, np.full(len(outline), 0.002)])
        self._outline.points = np.stack([edge, np.roll(edge, -1, axis=0)], axis=1)
        self._middle.position = np.array([*centroid(outline), 0.002])

    def _felt_points(self) -> Floats:
        data = self.data
        return np.concatenate(
            [data.geom_xpos[g] + points @ data.geom_xmat[g].reshape(3, 3).T for g, points in self._solids]
        )

    def _pick(self, link: str) -> None:
        self._picked.value = link

    def _tell(self) -> None:
        self._table.content = "\n".join(self._rows(self.design.by_name[self._picked.value]))

    def _rows(self, link: Link) -> Iterator[str]:
        mass = self._weights[link.name]
        x, y, z = 1e3 * mass.centre
        yield f"{mass.mass:.3f} kg, its centre at ({x:.1f}, {y:.1f}, {z:.1f}) mm\n"
        yield "| part | pieces | kg |\n|---|---:|---:|"
        for mount in link.mounts:
            yield f"| {mount.part} | {mount.pieces:g} | {mount.pieces * self._bill.masses[mount.part]:.4f} |"
        for joint in self.design.joints:
            if joint.drive is not None and joint.carrier == link.name:
                kilograms = sum(n * self._bill.masses[part] for part, n in joint.drive.parts.items())
                yield f"| {joint.drive.name} of {joint.name} | 1 | {kilograms:.4f} |"


def _triangles(model: mujoco.MjModel, g: int) -> tuple[Floats, NDArray[np.int64]]:
    """Vertices (V, 3) [m] and triangles (F, 3) of a geom, in its own frame."""
    kind, size = model.geom_type[g], model.geom_size[g]
    if kind == mujoco.mjtGeom.mjGEOM_MESH:
        mesh = model.geom_dataid[g]
        first, n = model.mesh_vertadr[mesh], model.mesh_vertnum[mesh]
        start, m = model.mesh_faceadr[mesh], model.mesh_facenum[mesh]
        return np.array(model.mesh_vert[first : first + n], float), np.array(model.mesh_face[start : start + m], int)
    make: dict[int, Callable[[], Any]] = {
        mujoco.mjtGeom.mjGEOM_BOX: lambda: trimesh.creation.box(2.0 * size),
        mujoco.mjtGeom.mjGEOM_SPHERE: lambda: trimesh.creation.icosphere(3, size[0]),
        mujoco.mjtGeom.mjGEOM_CYLINDER: lambda: trimesh.creation.cylinder(size[0], 2.0 * size[1]),
        mujoco.mjtGeom.mjGEOM_CAPSULE: lambda: trimesh.creation.capsule(2.0 * size[1], size[0], count=[16, 16]),
        mujoco.mjtGeom.mjGEOM_ELLIPSOID: lambda: trimesh.creation.icosphere(3).apply_scale(size),
    }
    solid = make[int(kind)]()
    # Some makers put their solid on end, others about the middle.
    vertices = np.array(solid.vertices, float)
    return vertices - (vertices.min(axis=0) + vertices.max(axis=0)) / 2.0, np.array(solid.faces, int)


def _display(
    model: mujoco.MjModel, g: int, vertices: Floats, faces: NDArray[np.int64], picture: NDArray[np.uint8]
) -> Any:
    from PIL import Image

    mesh = model.geom_dataid[g]
    first = model.mesh_texcoordadr[mesh]
    places = model.mesh_texcoord[first : first + len(vertices)] * (1.0, -1.0) + (0.0, 1.0)
    image = Image.fromarray(picture)
    material = trimesh.visual.material.PBRMaterial(
        baseColorTexture=image, emissiveTexture=image, emissiveFactor=[0.8, 0.8, 0.8], roughnessFactor=0.3
    )
    visual = trimesh.visual.TextureVisuals(uv=places, material=material)
    return trimesh.Trimesh(vertices, faces, visual=visual, process=False)
