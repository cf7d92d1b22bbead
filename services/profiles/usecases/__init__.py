"""What profiles does: one short function per command, which loads, decides, and saves state and events together."""
