"""Puts a face onto a model: a thin patch on the visor's surface that carries the display's picture."""

from __future__ import annotations

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Face

__all__ = ["FACE", "add_face", "paint_face"]

#: Name of the patch's mesh, texture, material and geom.
FACE = "face"
_GLASS = "face_glass"
#: The patch lies above the visor [m], whose facets stay below it.
_ABOVE = 0.0003
_ACROSS, _UP = 64, 48
_SEEN = 2
#: Share of the picture's brightness that needs no light from outside.
EMISSION = 1.0
#: What a dark pixel keeps of the visor's colour, so that its own light does not lift it above the visor.
_UNLIT = 0.4


def add_face(spec: mujoco.MjSpec, design: Design, face: Face, image: NDArray[np.uint8]) -> None:
    """Add the display with a picture (rows, columns, 3); the patch weighs nothing and touches nothing."""
    rows, columns, _ = image.shape
    visor = design.materials[face.shape.material]
    texture = spec.add_texture(name=FACE, type=mujoco.mjtTexture.mjTEXTURE_2D, width=columns, height=rows, nchannel=3)
    texture.data = _on_visor(image, visor.rgba[:3]).tobytes()
    shown = spec.add_material(name=FACE, emission=EMISSION, specular=0.0)
    shown.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = FACE
    # A texture swallows highlights. What is as opaque as the visor is glossy brings them back in the same strength.
    spec.add_material(name=_GLASS, rgba=[*visor.rgba[:3], visor.specular], specular=1.0, shininess=visor.shininess)
    for name, above in ((FACE, _ABOVE), (_GLASS, 2.0 * _ABOVE)):
        points, places, faces = _patch(face, above)
        spec.add_mesh(
            name=name,
            uservert=points.ravel(),
            userface=faces.ravel(),
            usertexcoord=places.ravel(),
            smoothnormal=True,
            inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL,
        )
        spec.body(face.link).add_geom(
            name=name,
            type=mujoco.mjtGeom.mjGEOM_MESH,
            meshname=name,
            material=name,
            mass=0.0,
            contype=0,
            conaffinity=0,
            group=_SEEN,
        )


def paint_face(model: mujoco.MjModel, image: NDArray[np.uint8], renderer: mujoco.Renderer | None = None) -> None:
    """Show another picture of the same size; a renderer that has drawn already takes it over."""
    texture = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_TEXTURE, FACE)
    if texture < 0:
        raise ValueError("the model has no face; use add_face before it is compiled")
    shape = (model.tex_height[texture], model.tex_width[texture], 3)
    if image.shape != shape:
        raise ValueError(f"the picture is {image.shape}, the face {shape}")
    start = model.tex_adr[texture]
    glass = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_MATERIAL, _GLASS)
    shown = _on_visor(image, tuple(model.mat_rgba[glass, :3]))
    model.tex_data[start : start + shown.size] = shown.ravel()
    if renderer is not None:
        mujoco.mjr_uploadTexture(model, renderer._mjr_context, texture)


def _on_visor(image: NDArray[np.uint8], visor: tuple[float, float, float]) -> NDArray[np.uint8]:
    """A dark pixel looks like the visor round the display, which is lit from outside alone."""
    dark = np.round(255.0 * _UNLIT * np.array(visor)).astype(np.uint8)
    return np.maximum(image, dark)


def _patch(face: Face, above: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]]:
    """Vertices (V, 3) [m], texture coordinates (V, 2) of the picture from its upper left corner, triangles (F, 3)."""
    s = np.linspace(-0.5, 0.5, _ACROSS + 1) * face.width
    t = np.linspace(0.5, -0.5, _UP + 1) * face.height
    points = face.place(s[None, :], t[:, None])
    across, up = np.gradient(points, axis=1), -np.gradient(points, axis=0)
    normal = np.cross(across, up)
    points = points + above * normal / np.linalg.norm(normal, axis=-1, keepdims=True)
    u, v = np.meshgrid(np.linspace(0.0, 1.0, _ACROSS + 1), np.linspace(0.0, 1.0, _UP + 1))
    places = np.stack([u, v], axis=-1)
    i, j = np.meshgrid(np.arange(_UP), np.arange(_ACROSS), indexing="ij")
    a = (i * (_ACROSS + 1) + j).ravel()
    b, c = a + 1, a + _ACROSS + 1
    faces = np.concatenate([np.stack([a, c, b], axis=1), np.stack([b, c, c + 1], axis=1)])
    return points.reshape(-1, 3), places.reshape(-1, 2), faces.astype(np.int32)
