"""The slice of the graph around one person: choose the nodes, then the edges among them, and say what was left out."""
