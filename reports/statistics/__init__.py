"""Reports, statistics. Laid out; not built yet."""
