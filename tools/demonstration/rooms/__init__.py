"""What each room adds to the fictitious year, once its cases have been decided."""
