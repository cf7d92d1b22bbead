"""`bzpeer bench projection`: events through a view, against the least a program without any machinery would do."""
