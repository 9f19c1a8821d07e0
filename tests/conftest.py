"""Before any test: MuJoCo draws without a display."""

import ironworks.robot  # noqa: F401  (says so to MuJoCo, which reads it when it is first imported)
