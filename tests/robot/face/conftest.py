"""The humanoid with its face."""

import pytest

from ironworks.product.design import Design, Face, face_of, read_design


@pytest.fixture(scope="session")
def humanoid() -> Design:
    return read_design("humanoid")


@pytest.fixture(scope="session")
def face(humanoid: Design) -> Face:
    found = face_of(humanoid)
    assert found is not None
    return found
