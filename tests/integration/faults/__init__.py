"""What happens to the real processes when something fails: each test says what must survive and what need not."""
