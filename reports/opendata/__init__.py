"""Reports, opendata. Laid out; not built yet."""
