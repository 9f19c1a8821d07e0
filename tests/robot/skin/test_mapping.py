"""The skin-map test finds what a unit's skin is like, by calculation and by a ball in MuJoCo."""

import math
from dataclasses import replace

import mujoco
import numpy as np
import pytest
from tests.robot.skin.limb import add_ball, limb, patch_of, shell_of, spec_of

from ironworks.product.design import read_design
from ironworks.product.design.skin import patches_of
from ironworks.robot.acceptance.measurement import Verdict
from ironworks.robot.skin.field import TactileField
from ironworks.robot.skin.layer import apply_layer
from ironworks.robot.skin.mapping import Indenter, judge_map, map_skin, tabulate
from ironworks.robot.skin.spread import Spread
from ironworks.robot.skin.state import SkinState
from ironworks.robot.skin.taxels import Taxels, place_taxels


@pytest.fixture(scope="module")
def taxels() -> Taxels:
    design = read_design("humanoid")
    return place_taxels(design, patches_of(design))


def test_a_healthy_skin_passes_on_every_patch(taxels: Taxels) -> None:
    rng = np.random.default_rng(11)
    rows = map_skin(taxels, SkinState.drawn(len(taxels), rng, spread=0.05, dead=0.0), rng)
    assert set(judge_map(rows).values()) == {Verdict.PASS}


def test_the_map_gives_back_gains_and_dead_taxels(taxels: Taxels) -> None:
    rng = np.random.default_rng(12)
    state = SkinState.drawn(len(taxels), rng, spread=0.08, dead=0.05)
    for row in map_skin(taxels, state, rng, indenter=Indenter(accuracy=0.001, presses=4)):
        here = taxels.slices[row.patch]
        live = state.gain[here][~state.dead[here]]
        assert row.dead_share == pytest.approx(state.dead[here].mean())
        assert row.gain_mean == pytest.approx(live.mean(), abs=0.005)
        assert row.gain_spread == pytest.approx(live.std(ddof=1), abs=0.01)


def test_dead_taxels_fail_their_patch_alone(taxels: Taxels) -> None:
    state = SkinState.nominal(len(taxels))
    start = taxels.slices["left_palm"].start
    # One row of the palm has 6: two side by side, and one of the next row beneath the second.
    state.dead[[start, start + 1, start + 7, start + 20]] = True
    rows = map_skin(taxels, state, np.random.default_rng(0))
    found = next(row for row in rows if row.patch == "left_palm")
    assert (found.hole, found.dead_share) == (3, pytest.approx(4 / 48))
    failed = {patch for patch, verdict in judge_map(rows).items() if verdict is Verdict.FAIL}
    assert failed == {"left_palm"}


def test_a_hole_goes_round_where_the_patch_is_closed(taxels: Taxels) -> None:
    state = SkinState.nominal(len(taxels))
    start = taxels.slices["left_forearm"].start
    state.dead[[start, start + 7]] = True
    rows = {row.patch: row for row in map_skin(taxels, state, np.random.default_rng(0))}
    assert rows["left_forearm"].hole == 2


def test_a_weak_patch_and_a_dead_one_do_not_pass(taxels: Taxels) -> None:
    state = SkinState.nominal(len(taxels))
    state.gain[taxels.slices["head"]] = 0.7
    state.dead[taxels.slices["lumbar"]] = True
    rows = {row.patch: row for row in map_skin(taxels, state, np.random.default_rng(0))}
    verdicts = judge_map(tuple(rows.values()))
    assert rows["head"].gain_mean == pytest.approx(0.7, abs=0.01)
    assert math.isnan(rows["lumbar"].gain_mean)
    assert {name for name, verdict in verdicts.items() if verdict is Verdict.FAIL} == {"head", "lumbar"}


def test_a_subset_covers_every_patch(taxels: Taxels) -> None:
    rows = map_skin(taxels, SkinState.nominal(len(taxels)), np.random.default_rng(0), every=4)
    assert all(row.pressed == -(-row.taxels // 4) for row in rows)


def test_the_same_seed_gives_the_same_map(taxels: Taxels) -> None:
    state = SkinState.drawn(len(taxels), np.random.default_rng(4), spread=0.05, dead=0.01)
    assert map_skin(taxels, state, np.random.default_rng(9)) == map_skin(taxels, state, np.random.default_rng(9))


def test_a_push_near_full_scale_is_refused_by_name(taxels: Taxels) -> None:
    with pytest.raises(ValueError, match="left_index_tip"):
        map_skin(taxels, SkinState.nominal(len(taxels)), np.random.default_rng(0), indenter=Indenter(force=40.0))


def test_a_ball_in_mujoco_finds_the_same_map_on_a_forearm() -> None:
    """Each taxel is pressed by a ball in physics; the map of those readings equals the calculated one."""
    shape = shell_of("left_forearm")
    patch = replace(patch_of(5, 8), noise=0.0)
    taxels = place_taxels(limb(shape), [patch])
    spec = spec_of(shape)
    add_ball(spec, "ball", taxels.position[0], taxels.normal[0])
    apply_layer(spec, [patch], partner=0.5)
    model = spec.compile()
    data = mujoco.MjData(model)
    field = TactileField(model, taxels)
    force, radius = 4.0, 0.02
    felt = np.zeros((len(taxels), len(taxels)))
    for i in range(len(taxels)):
        model.body("ball").pos = taxels.position[i] + radius * taxels.normal[i]
        mujoco.mju_quatZ2Vec(model.body("ball").quat, taxels.normal[i])
        mujoco.mj_resetData(model, data)
        data.qfrc_applied[0] = -force
        for _ in range(200):
            mujoco.mj_step(model, data)
        mujoco.mj_forward(model, data)
        felt[i] = field.read(model, data)
    rng = np.random.default_rng(21)
    state = SkinState.drawn(len(taxels), rng, spread=0.1, dead=0.05)
    assert state.dead.any()
    own = np.diag(force * Spread(taxels).onto(np.arange(len(taxels))))
    pressed = tabulate(taxels, np.diag(state.read(taxels, felt, rng).force) / own)[0]
    direct = map_skin(taxels, state, rng, indenter=Indenter(force=force, accuracy=0.0))[0]
    assert (pressed.dead_share, pressed.hole) == (direct.dead_share, direct.hole)
    assert pressed.gain_mean == pytest.approx(direct.gain_mean, rel=0.02)
    assert pressed.gain_spread == pytest.approx(direct.gain_spread, abs=0.02)
