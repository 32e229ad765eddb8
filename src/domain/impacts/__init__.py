"""What other rules would change for every student: found before they are switched on, and once they are."""
