"""受講: seats instead of money.

A place in a course is applied for, decided, waited for and given back as money is.
"""
