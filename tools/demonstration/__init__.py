"""The demonstration's fictitious year, made through the one door; no part of the product.

An app of its own, installed where DEMO is on. It may import every room; no room imports it.
"""
