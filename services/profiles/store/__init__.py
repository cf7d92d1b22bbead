"""Every MongoDB query of profiles, its indexes beside it."""
