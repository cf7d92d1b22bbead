"""What profiles does: one short function per command."""
