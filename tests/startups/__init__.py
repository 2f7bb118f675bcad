"""Numbers of this year: the year of the era stands in them (CH8-001 in 令和8年度)."""

from portal import clock, fiscal

ERA = fiscal.fiscal_year(clock.today()) - 2018
