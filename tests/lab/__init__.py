"""A small system of its own for the fault tests: one owner of follows, and a service that keeps count of them.

It is built on what every service is built on, does some 2,000 events a second, and shows each event that was lost,
applied twice or applied out of turn. Its processes can be told to misbehave.
"""
