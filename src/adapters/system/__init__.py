"""What the machine itself gives: its clock, ids made from it, and the time zone database."""
