"""The editor of programmes: the file stays the truth, and is written value by value from fields."""
