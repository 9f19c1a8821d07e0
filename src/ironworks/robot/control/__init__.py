"""Control of a robot from its sensors alone: one interface for the bench, the mind and users."""
