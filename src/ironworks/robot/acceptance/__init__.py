"""The end-of-line bench: measurements, guard bands, gauge studies, capability and imported logs."""
