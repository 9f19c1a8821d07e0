"""`python -m ironworks`."""

from ironworks.cli import main

main()
