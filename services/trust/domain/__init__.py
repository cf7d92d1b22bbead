"""The trust model as pure functions: what is known of a record in, what it is worth and why out."""
