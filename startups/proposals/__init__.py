"""Open innovation, proposals. Laid out; not built yet."""
