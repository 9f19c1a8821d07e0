"""The face in a rendered picture: eyes of the state's colour at the pixels where geometry puts them, not mirrored."""

from collections.abc import Iterator

import mujoco
import numpy as np
import pytest
from numpy.typing import NDArray

from ironworks.product.design import Design, Face, bill_of
from ironworks.robot.body import body_spec
from ironworks.robot.face import Expression, Gaze, State, add_face, draw_face, paint_face, pupils

SIZE = 480
Picture = NDArray[np.int64]


class Studio:
    """A camera straight before the face, and the light of its own head-lamp."""

    def __init__(self, design: Design, face: Face) -> None:
        spec = body_spec(design, design.weigh(bill_of(design).masses), pairs=False)
        add_face(spec, design, face, draw_face(face, Expression()))
        self.face, self.model = face, spec.compile()
        self.data = mujoco.MjData(self.model)
        mujoco.mj_forward(self.model, self.data)
        self.camera = mujoco.MjvCamera()
        self.camera.azimuth, self.camera.elevation, self.camera.distance = 180.0, 0.0, 0.5
        self.camera.lookat[:] = self.world(np.zeros(2))
        self.renderer = mujoco.Renderer(self.model, SIZE, SIZE)

    def world(self, place: NDArray[np.float64]) -> NDArray[np.float64]:
        head = self.data.body(self.face.link)
        return np.asarray(head.xpos + head.xmat.reshape(3, 3) @ self.face.place(*place))

    def shot(self, expression: Expression) -> Picture:
        paint_face(self.model, draw_face(self.face, expression), self.renderer)
        self.renderer.update_scene(self.data, self.camera)
        return self.renderer.render().astype(np.int64)

    def pixel(self, place: NDArray[np.float64]) -> tuple[int, int]:
        """Row and column of a place of the display; the camera looks along -x, its right is the robot's left."""
        ahead = self.camera.lookat[0] + self.camera.distance - (point := self.world(place))[0]
        focal = SIZE / 2.0 / np.tan(np.radians(self.model.vis.global_.fovy / 2.0))
        right, up = point[1] - self.camera.lookat[1], point[2] - self.camera.lookat[2]
        return round(SIZE / 2.0 - focal * up / ahead), round(SIZE / 2.0 + focal * right / ahead)


@pytest.fixture(scope="module")
def studio(humanoid: Design, face: Face) -> Iterator[Studio]:
    try:
        found = Studio(humanoid, face)
    except (mujoco.FatalError, RuntimeError, AttributeError, ImportError) as error:
        pytest.skip(f"cannot draw here: {error}")
    with found.renderer:
        yield found


@pytest.mark.parametrize("gaze", [Gaze(0.35, 0.0), Gaze(-0.35, 0.1), Gaze(0.0, -0.3)])
@pytest.mark.parametrize(("state", "channel"), [(State.LISTENING, 1), (State.FAULT, 0), (State.IDLE, 2)])
def test_the_picture_shows_the_states_colour_round_dark_pupils(
    studio: Studio, gaze: Gaze, state: State, channel: int
) -> None:
    image = studio.shot(Expression(state, gaze))
    for place in pupils(studio.face, gaze):
        assert image[studio.pixel(place)].max() < 60
        for side in (-1.0, 1.0):
            row, column = studio.pixel(place + [side * 0.84 * studio.face.eye_radius, -0.25 * studio.face.eye_radius])
            iris = image[row, column]
            assert iris.argmax() == channel
            assert iris[channel] > 110


def test_the_robots_left_is_the_right_of_its_picture(studio: Studio) -> None:
    def middle(gaze: Gaze) -> float:
        image = studio.shot(Expression(State.IDLE, gaze))
        lit = (image[..., 2] - image[..., 0]).clip(40) - 40
        return float((lit.sum(axis=0) * np.arange(SIZE)).sum() / lit.sum())

    assert middle(Gaze(0.4)) > middle(Gaze()) + 5.0
    assert middle(Gaze(-0.4)) < middle(Gaze()) - 5.0


def test_a_face_that_is_off_looks_like_the_visor_round_it(studio: Studio) -> None:
    image = studio.shot(Expression(State.OFF))
    on, beside = (studio.pixel(np.array([0.0, sign * 0.5 * studio.face.height - 0.004])) for sign in (1.0, 1.12))
    assert np.abs(image[on] - image[beside]).max() <= 8


def test_the_display_changes_no_mass_and_touches_nothing(humanoid: Design, face: Face) -> None:
    weights = humanoid.weigh(bill_of(humanoid).masses)
    plain = body_spec(humanoid, weights)
    shown = plain.copy()
    add_face(shown, humanoid, face, draw_face(face, Expression(), 100))
    one, other = plain.compile(), shown.compile()
    np.testing.assert_array_equal(one.body_mass, other.body_mass)
    np.testing.assert_array_equal(one.body_inertia, other.body_inertia)
    geom = other.geom("face")
    assert (geom.contype[0], geom.conaffinity[0]) == (0, 0)


def test_the_patch_lies_less_than_a_millimetre_above_the_visor_and_its_pixels_are_square(
    humanoid: Design, face: Face
) -> None:
    spec = body_spec(humanoid, humanoid.weigh(bill_of(humanoid).masses), pairs=False)
    add_face(spec, humanoid, face, draw_face(face, Expression(), 100))
    model = spec.compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    geom = model.geom("face").id
    mesh = model.geom_dataid[geom]
    first, n = model.mesh_vertadr[mesh], model.mesh_vertnum[mesh]
    body = data.body(face.link)
    world = data.geom_xpos[geom] + model.mesh_vert[first : first + n] @ data.geom_xmat[geom].reshape(3, 3).T
    local = (world - body.xpos) @ body.xmat.reshape(3, 3)
    place = model.mesh_texcoord[model.mesh_texcoordadr[mesh] : model.mesh_texcoordadr[mesh] + n]
    s, t = (place[:, 0] - 0.5) * face.width, (0.5 - place[:, 1]) * face.height
    gap = np.linalg.norm(local - face.place(s, t), axis=1)
    assert gap.max() < 0.001
    assert gap.min() > 0.0001
    # Along a row, arc lengths of the mesh are those of the texture.
    row = np.flatnonzero(np.abs(t - face.eye_above) < 1e-3)
    row = row[np.argsort(s[row])]
    arc = np.linalg.norm(np.diff(local[row], axis=0), axis=1).sum()
    assert arc == pytest.approx(face.width, rel=0.01)


def test_a_picture_of_another_size_is_refused(studio: Studio) -> None:
    with pytest.raises(ValueError, match="the picture is"):
        paint_face(studio.model, draw_face(studio.face, Expression(), 100))
