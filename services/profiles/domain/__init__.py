"""The rules of profiles, pure: decisions that return events, and the states that events make."""
