"""The views of the graph service, one a module."""
