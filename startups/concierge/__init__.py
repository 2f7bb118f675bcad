"""Open innovation, concierge. Laid out; not built yet."""
