"""Taxa: names, the lists that speak of them, and what is known of them."""
