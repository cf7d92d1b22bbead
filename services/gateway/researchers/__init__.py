"""The researcher's page as data: its panels, their last known values, and the one answer made of them."""
