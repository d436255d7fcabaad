"""`lms bench`: the real server beside a floor, in alternation."""
