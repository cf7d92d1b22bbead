"""Author name disambiguation: which bylines are of one person. The model in words and figures: docs/identity.md."""
