"""Parts go where supplies do, never where they cannot stand."""

import numpy as np

from ironworks.factory.layout import QapInstance
from ironworks.factory.layout.relief import relieved

#: Three things that draw 10, 1 and 1; the first two places are in a hall that gives 5, the third in one that gives 20.
TAKEN = np.array([[10.0], [1.0], [1.0]])
GIVEN, HALL = np.array([[5.0], [20.0]]), np.array([0, 0, 1])


def test_what_a_hall_does_not_give_is_taken_elsewhere() -> None:
    instance = QapInstance(np.zeros((3, 3)), np.zeros((3, 3)))
    place = relieved(instance, np.arange(3), TAKEN, GIVEN, HALL, np.zeros((3, 3), bool))
    assert place[0] == 2


def test_nothing_goes_where_it_cannot_stand_however_much_is_lacking() -> None:
    unfit = np.zeros((3, 3), bool)
    unfit[0, 2] = True
    instance = QapInstance(np.zeros((3, 3)), np.zeros((3, 3)), 1e3 * unfit)
    assert relieved(instance, np.arange(3), TAKEN, GIVEN, HALL, unfit).tolist() == [0, 1, 2]


def test_a_swap_that_heals_another_place_is_taken() -> None:
    unfit = np.zeros((3, 3), bool)
    unfit[2, 2] = True
    instance = QapInstance(np.zeros((3, 3)), np.zeros((3, 3)), 1e3 * unfit)
    assert relieved(instance, np.arange(3), TAKEN, GIVEN, HALL, unfit)[2] != 2
