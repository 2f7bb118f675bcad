"""The addresses of the statistics: for anybody, for the office, for files."""
