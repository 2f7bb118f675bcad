"""What comes from outside, a file at a time: a bad row is reported, the rest goes in."""
