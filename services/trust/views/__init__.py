"""The views of the trust service, one a module."""
