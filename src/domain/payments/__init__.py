"""What is paid for here: prices, orders, payments, refunds, disputes, and the books over all of it. Deep where money
moves: nothing is charged twice, and the books always balance."""
