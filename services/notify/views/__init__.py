"""The views of notify."""
