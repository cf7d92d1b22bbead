"""How services speak by events: the log and its relay, consumers, and the views they keep."""
