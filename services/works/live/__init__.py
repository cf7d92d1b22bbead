"""Sources that are asked over the network, politely (docs/importing.md)."""
