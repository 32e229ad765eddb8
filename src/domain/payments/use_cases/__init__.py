"""What is done about prices, orders, payments, refunds and the books."""
