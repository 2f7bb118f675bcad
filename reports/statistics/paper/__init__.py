"""A release on paper."""
