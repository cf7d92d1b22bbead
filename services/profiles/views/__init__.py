"""What profiles knows from the events of other services."""
