"""受講: seats instead of money. Laid out; not built yet."""
