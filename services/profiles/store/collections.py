"""What the stores have in common."""

from pymongo import ASCENDING, IndexModel

BY_ID = IndexModel([("_id", ASCENDING)], name="_id_")
"""The index that every collection has; to create it creates a collection that needs no other."""
