"""Public holidays by the kept library holidays."""
