"""Search for works and people, by an index of words that stands beside each of them (docs/search.md)."""
