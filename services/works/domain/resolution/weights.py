"""Weights of the features (docs/identity.md says what each is, and on what they were fitted)."""

FITTED = {
    "initial": 2.446,
    "initials": 4.067,
    "printed": 3.446,
    "near": 0.351,
    "same": 4.663,
    "whole": 2.528,
    "long": 2.009,
    "common_initial": -1.816,
    "common_initials": -0.420,
    "common_printed": 4.925,
    "common_near": -3.343,
    "common_same": 2.874,
    "common_whole": -1.752,
    "common_long": 0.113,
    "crowd": -0.819,
    "crowd_backed": -1.528,
    "size": 0.725,
    "size_backed": 0.884,
    "one_coauthor": 6.460,
    "two_coauthors": 5.699,
    "three_coauthors": 3.429,
    "place": 0.371,
    "place_initial": -2.531,
    "exclusive": -0.234,
    "alike": 4.258,
    "elsewhere": -2.482,
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
