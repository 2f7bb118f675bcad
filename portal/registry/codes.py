"""Codes of the registry that rules name."""

SAPPORO = "011002"  # 札幌市: its code as a municipality (全国地方公共団体コード)
