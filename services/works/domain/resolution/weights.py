"""Weights of the features (docs/identity.md says what each is, and on what they were fitted)."""

FITTED = {
    "initial": 2.454,
    "initials": 4.393,
    "near": 0.355,
    "same": 4.671,
    "whole": 2.527,
    "long": 2.007,
    "common_initial": -1.811,
    "common_initials": 2.370,
    "common_near": -3.315,
    "common_same": 2.880,
    "common_whole": -1.764,
    "common_long": 0.121,
    "crowd": -0.851,
    "crowd_backed": -1.522,
    "size": 0.744,
    "size_backed": 0.882,
    "one_coauthor": 6.455,
    "two_coauthors": 5.696,
    "three_coauthors": 3.409,
    "place": 0.325,
    "place_initial": -2.531,
    "exclusive": -0.211,
    "alike": 4.290,
    "elsewhere": -2.474,
}
"""As `bzpeer bench identity --fit` prints them."""

SET = {
    "strangers": -1.0,
    "topics": 2.3,
    "off_topic": -0.8,
    "domain": 2.0,
    "id": 3.0,
}
"""Set by hand: no labelled set has topics, e-mail domains or ids of persons; and of bylines that have nobody in common
the sets say little, for their people were chosen by name."""
