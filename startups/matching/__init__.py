"""Open innovation, matching. Laid out; not built yet."""
