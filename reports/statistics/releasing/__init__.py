"""A release: drafted, built, kept, read again, compared, written as files.

`building` computes, and `identity` begins there: what it reaches is the version.
"""
