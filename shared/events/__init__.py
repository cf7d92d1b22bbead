"""The events that services share: one module per topic, all of them in the registry."""
