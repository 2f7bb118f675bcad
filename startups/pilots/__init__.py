"""Open innovation, pilots. Laid out; not built yet."""
