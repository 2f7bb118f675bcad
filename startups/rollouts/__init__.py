"""Open innovation, rollouts. Laid out; not built yet."""
