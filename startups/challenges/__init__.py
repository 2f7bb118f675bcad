"""Open innovation, challenges. Laid out; not built yet."""
