"""Finding a support by the words that people use: what they mean, which calls fit, and why."""
