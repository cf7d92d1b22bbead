"""What callers ask of works: author records, works and imports as pages show them."""
