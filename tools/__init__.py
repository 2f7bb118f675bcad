"""What is run beside the product: no module of the product imports it."""
