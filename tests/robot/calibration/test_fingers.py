"""Fingers from stops and meetings: geometry by hand, readings by an independent model, errors by their covariance."""

from dataclasses import dataclass, replace

import mujoco
import numpy as np
import pytest

from ironworks.product.design import Design, Mass, bill_of, read_design
from ironworks.robot.asbuilt import Places, Population, Unit, as_built, population_of
from ironworks.robot.body import body_spec
from ironworks.robot.calibration import finger_programmes_of, identify_fingers
from ironworks.robot.calibration.finger_bench import FELT, Fingered, feel_fingers
from ironworks.robot.calibration.finger_programme import FingerProgramme
from ironworks.robot.calibration.fingers import HandFound, identify_hand
from ironworks.robot.encoder_error import SHARES, EncoderError
from ironworks.scenario import read_scenario


@dataclass(frozen=True, eq=False)
class Case:
    """One hand of the humanoid, with units of the built-in scenario, none grossly wrong."""

    design: Design
    masses: dict[str, Mass]
    population: Population
    programme: FingerProgramme

    def ends(self, unit: Unit) -> np.ndarray:
        """Where ways truly end (J, 2): at the nearer one of a joint's stops and of those that it drives."""
        built = {joint.name: joint for joint in as_built(self.programme.model.hand.limb, self.masses, unit)[0].joints}
        ends = {name: [built[name].low, built[name].high] for name in self.programme.model.joints}
        for joint in built.values():
            if joint.follow is not None:
                other = sorted((joint.low / joint.follow.gain, joint.high / joint.follow.gain))
                mine = ends[joint.follow.joint]
                mine[0], mine[1] = max(mine[0], other[0]), min(mine[1], other[1])
        return np.array(list(ends.values()))

    def truth(self, found: HandFound, unit: Unit) -> np.ndarray:
        """The true values of all parameters of a layout."""
        layout, names = found.layout, unit.places.names
        rows = [names["joint"].index(name) for name in layout.joints]
        links = [names["link"].index(name) for name in layout.links]
        waves = unit["encoder_accuracy"][rows] * np.repeat(np.sqrt(SHARES), 2)
        stops = self.ends(unit) - layout.stop_mean
        parts = (unit["zero_offset"][rows], waves, stops, unit["link_length"][links])
        return np.concatenate([part.ravel() for part in parts])

    def measured(self, unit: Unit, seed: int = 1) -> Fingered:
        return feel_fingers(self.programme, self.masses, unit, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def case() -> Case:
    design = read_design("humanoid")
    masses = design.weigh(bill_of(design).masses)
    population = population_of(read_scenario("tianhe"), Places.of(design), seed=5).without_gross()
    # A hand alone is a design too.
    (programme,) = finger_programmes_of(design.limb("left_hand"), masses, meetings=4)
    return Case(design, masses, population, programme)


@pytest.fixture(scope="module")
def found(case: Case) -> list[tuple[Unit, HandFound]]:
    units = [case.population.unit(serial) for serial in range(5)]
    return [(unit, identify_hand(case.programme, case.population, case.measured(unit))) for unit in units]


def rods_apart(one: np.ndarray, other: np.ndarray) -> float:
    """Distance of two segments (2, 3), by going through both finely."""
    share = np.linspace(0.0, 1.0, 801)[:, None]
    a, b = one[0] + share * (one[1] - one[0]), other[0] + share * (other[1] - other[0])
    return float(np.linalg.norm(a[:, None] - b[None], axis=2).min())


def test_tips_are_as_far_apart_as_their_rods(case: Case) -> None:
    model = case.programme.model
    shapes = {finger.last: model.hand.limb.by_name[finger.last].shapes[0] for finger in model.hand.fingers}
    assert {shape.kind for shape in shapes.values()} == {"capsule"}
    thumb = model.hand.fingers[model.hand.thumb or 0].last
    for meeting in case.programme.meetings[:6]:
        model.pose(meeting.at(0.7))
        last = model.hand.fingers[meeting.finger].last
        rods = []
        for link in (thumb, last):
            half = np.array([0.0, 0.0, shapes[link].size[1]])
            rods.append(np.array([model.place(link, shapes[link].centre + sign * half) for sign in (-1.0, 1.0)]))
        wanted = rods_apart(*rods) - shapes[thumb].size[0] - shapes[last].size[0]
        assert model.distance(meeting.finger) == pytest.approx(wanted, abs=2e-6)


def test_derivatives_of_a_gap_are_finite_differences(case: Case) -> None:
    model, meeting, step = case.programme.model, case.programme.meetings[0], 1e-6
    lengths = 1e-4 * np.random.default_rng(1).standard_normal((len(model.links), 3))
    angles = meeting.at(0.0) + 0.01

    def distance(more: np.ndarray, longer: np.ndarray) -> float:
        model.pose(angles + more, lengths + longer)
        return model.distance(meeting.finger)

    model.pose(angles, lengths)
    gap = model.gap(meeting.finger)
    assert gap is not None
    none = np.zeros_like(lengths)
    for j, more in enumerate(step * np.eye(len(model.joints))):
        numeric = (distance(more, none) - distance(-more, none)) / (2.0 * step)
        assert gap.by_angle[j] == pytest.approx(numeric, abs=1e-8)
    for i, longer in enumerate(step * np.eye(lengths.size)):
        longer = longer.reshape(lengths.shape)
        numeric = (distance(0.0 * angles, longer) - distance(0.0 * angles, -longer)) / (2.0 * step)
        assert gap.by_length.ravel()[i] == pytest.approx(numeric, abs=1e-8)


def test_every_joint_homes_once_and_meetings_touch_with_nothing_else(case: Case) -> None:
    programme = case.programme
    assert programme.unhomed == ()
    np.testing.assert_array_equal(np.sum([homing.together for homing in programme.homings], axis=0), 1)
    assert {meeting.finger for meeting in programme.meetings} == {1, 2, 3, 4}
    for meeting in programme.meetings:
        programme.model.pose(meeting.posture)
        assert abs(programme.model.distance(meeting.finger)) < 1e-6
        assert programme.model.clear(meeting.finger)
        assert not programme.model.clear()


def test_stops_read_as_they_are_for_a_unit_as_designed_and_for_others(case: Case) -> None:
    model = case.programme.model
    for unit in (Unit.nominal(case.population.places), case.population.unit(3)):
        measured, ends = case.measured(unit), case.ends(unit)
        encoder = EncoderError.of(unit, model.joints)
        wanted = np.stack([end + encoder.at(end) for end in ends.T], axis=1)
        off = (measured.stops - wanted) / measured.doubt
        assert np.sqrt((off**2).mean()) < 1.5
        assert np.degrees(measured.doubt).max() < 0.02


def test_two_torques_are_needed_to_see_where_a_stop_is(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the give taken off, readings lie beyond the stops, by several of their standard uncertainties."""
    monkeypatch.setattr(
        "ironworks.robot.calibration.finger_bench._give", lambda reads, torques: np.zeros(reads.shape[1])
    )
    unit = Unit.nominal(case.population.places)
    measured = case.measured(unit)
    beyond = (measured.stops - case.ends(unit)) * [-1.0, 1.0]
    assert (beyond > 0.0).mean() > 0.9
    assert np.median(np.degrees(beyond)) > 0.005


def test_tips_touch_in_the_unit_where_the_bench_felt_them(case: Case) -> None:
    """By a model of the unit itself, compiled from its as-built design."""
    unit = case.population.unit(2)
    measured, limb = case.measured(unit), case.programme.model.hand.limb
    assert measured.met.all()
    model = body_spec(as_built(limb, case.masses, unit)[0], case.masses, pairs=False).compile()
    data = mujoco.MjData(model)
    joints = case.programme.model.joints
    encoder = EncoderError.of(unit, joints)
    hand, apart = case.programme.model.hand, []
    tips = [model.geom(limb.by_name[finger.last].shapes[0].name).id for finger in hand.fingers]
    for meeting, reading in zip(case.programme.meetings, measured.felt, strict=True):
        angles = reading.copy()
        for _ in range(5):
            angles = reading - encoder.at(angles)
        for name, angle in zip(joints, angles, strict=True):
            data.joint(name).qpos[0] = angle
        for joint in limb.joints:
            if joint.follow is not None:
                data.joint(joint.name).qpos[0] = joint.follow.gain * angles[joints.index(joint.follow.joint)]
        mujoco.mj_kinematics(model, data)
        apart.append(mujoco.mj_geomDistance(model, data, tips[hand.thumb or 0], tips[meeting.finger], 0.01, None))
    assert np.sqrt(np.mean(np.square(apart))) == pytest.approx(FELT, rel=0.5)


def test_offsets_are_found_as_well_as_their_covariance_says(case: Case, found: list[tuple[Unit, HandFound]]) -> None:
    before, after, share, whole = [], [], [], []
    for unit, hand in found:
        count = len(hand.layout.joints)
        true = case.truth(hand, unit)
        error = hand.estimate.values - true
        before.append(true[:count])
        after.append(error[:count])
        share.append(error[:count] @ np.linalg.solve(hand.estimate.covariance[:count, :count], error[:count]) / count)
        whole.append(error @ np.linalg.solve(hand.estimate.covariance, error) / len(error))
        assert hand.estimate.chi_square / len(hand.estimate.residuals) == pytest.approx(1.0, abs=0.5)
    assert np.degrees(np.sqrt(np.mean(np.square(before)))) > 0.8
    assert np.degrees(np.sqrt(np.mean(np.square(after)))) < 0.17
    assert 0.7 < np.mean(share) < 1.4
    assert 0.8 < np.mean(whole) < 1.25


def test_meetings_tell_what_stops_cannot(case: Case, found: list[tuple[Unit, HandFound]]) -> None:
    """Stops spread: both together leave 0.2 degrees open, whatever they read."""
    _, hand = found[0]
    count = len(hand.layout.joints)
    apart = replace(hand.measured, felt=np.full_like(hand.measured.felt, np.nan))
    homed = identify_hand(case.programme, case.population, apart)
    deviation = [np.degrees(one.estimate.deviation[:count]).mean() for one in (homed, hand)]
    assert deviation[0] == pytest.approx(0.3 / np.sqrt(2.0), abs=0.02)
    assert deviation[1] < 0.75 * deviation[0]


def test_a_coupled_joints_stop_moves_the_mean_of_where_ways_end(
    case: Case, found: list[tuple[Unit, HandFound]]
) -> None:
    layout = found[0][1].layout
    ends = np.array([case.ends(case.population.unit(serial)) for serial in range(200)])
    count = len(layout.joints)
    deviation = layout.prior[7 * count : 9 * count].reshape(count, 2)
    np.testing.assert_allclose(ends.mean(axis=0), layout.stop_mean, atol=4.5 * deviation.max() / np.sqrt(200))
    np.testing.assert_allclose(ends.std(axis=0), deviation, rtol=0.2)
    assert np.degrees(layout.stop_mean[layout.joints.index("left_index_pip"), 0]) > 0.15


def test_what_is_found_makes_a_unit_that_behaves_as_found(case: Case, found: list[tuple[Unit, HandFound]]) -> None:
    _, hand = found[1]
    identified = Unit.nominal(case.population.places)
    hand.put_into(identified)
    offset, _, stops, lengths = hand.layout.split(hand.estimate.values)
    names = identified.places.names
    rows = [names["joint"].index(name) for name in hand.layout.joints]
    np.testing.assert_allclose(case.ends(identified), hand.layout.stop_mean + stops, atol=1e-12)
    angles = np.full(len(rows), 0.3)
    encoder = EncoderError.of(identified, hand.layout.joints)
    np.testing.assert_allclose(encoder.at(angles), hand.layout.encoder(hand.estimate.values).at(angles), atol=1e-15)
    np.testing.assert_array_equal(identified["zero_offset"][rows], offset)
    np.testing.assert_array_equal(
        identified["link_length"][[names["link"].index(n) for n in hand.layout.links]], lengths
    )
    others = np.setdiff1d(np.arange(len(names["joint"])), rows)
    assert not identified["zero_offset"][others].any()


def test_the_same_seed_finds_the_same(case: Case, found: list[tuple[Unit, HandFound]]) -> None:
    unit, hand = found[0]
    again = identify_fingers(
        case.design, case.masses, unit, case.population, np.random.default_rng(1), programmes=(case.programme,)
    )
    np.testing.assert_array_equal(again.hands[0].estimate.values, hand.estimate.values)


def test_a_slipped_encoder_is_found_and_a_swapped_cable_does_not_fit(case: Case) -> None:
    unit = case.population.unit(0)
    at = case.programme.model.joints.index("left_index_mcp")
    slipped = unit.with_fault("slipped_encoder", "left_index_mcp", np.radians(8.0))
    hand = identify_hand(case.programme, case.population, case.measured(slipped))
    true = slipped.at("zero_offset", "left_index_mcp")[0]
    assert abs(hand.estimate.values[at] - true) < 3.0 * hand.estimate.deviation[at]
    swapped = unit.with_fault("swapped_cable", "left_index_mcp", 1.0)
    hand = identify_hand(case.programme, case.population, case.measured(swapped))
    assert hand.estimate.chi_square > 20.0 * len(hand.estimate.residuals)


@pytest.mark.parametrize("name", ["quadruped", "wheeled"])
def test_a_design_without_hands_gives_nothing(name: str) -> None:
    design = read_design(name)
    masses = design.weigh(bill_of(design).masses)
    places = Places.of(design)
    unit = Unit.nominal(places)
    nothing = identify_fingers(design, masses, unit, Population(places, (), (), 1), np.random.default_rng(1))
    assert nothing.hands == ()
    nothing.put_into(unit)
    assert not any(values.any() for values in unit.values.values())


@pytest.mark.slow
def test_over_many_units_errors_are_small_and_consistent(case: Case) -> None:
    programmes = finger_programmes_of(case.design, case.masses)
    share, before, after = [], [], []
    for serial in range(100, 124):
        unit = case.population.unit(serial)
        rng = np.random.default_rng(serial)
        for hand in identify_fingers(case.design, case.masses, unit, case.population, rng, programmes=programmes).hands:
            one = replace(case, programme=hand.programme)
            true, model = one.truth(hand, unit), hand.programme.model
            count = len(model.joints)
            error = hand.estimate.values - true
            share.append(
                error[:count] @ np.linalg.solve(hand.estimate.covariance[:count, :count], error[:count]) / count
            )
            lengths = hand.layout.split(true)[3]
            for angles in np.random.default_rng(3).uniform(model.low, model.high, (20, count)):
                reading = angles + hand.layout.encoder(true).at(angles)
                believed = reading - hand.layout.encoder(hand.estimate.values).at(reading)
                places = []
                for pose in (
                    (angles, lengths),
                    (reading, None),
                    (believed, hand.layout.split(hand.estimate.values)[3]),
                ):
                    model.pose(*pose)
                    places.append(np.array([model.place(finger.last, finger.tip) for finger in model.hand.fingers]))
                before.append(np.linalg.norm(places[1] - places[0], axis=1))
                after.append(np.linalg.norm(places[2] - places[0], axis=1))
    assert 0.8 < np.mean(share) < 1.25
    assert 1e3 * np.percentile(before, 95) > 3.0
    assert 1e3 * np.percentile(after, 95) < 0.4
