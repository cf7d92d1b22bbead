"""The research graph as pure functions: strength of ties, close collaborators, and the slice around a person."""
