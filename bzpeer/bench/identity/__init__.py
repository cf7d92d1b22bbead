"""How well the works service tells people apart, on labelled signatures: `bzpeer bench identity`."""
