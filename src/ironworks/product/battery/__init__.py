"""The battery: an all-solid-state pack as an equivalent circuit. `cell`, `pack`, `step`, `discharge`, `bench`."""
