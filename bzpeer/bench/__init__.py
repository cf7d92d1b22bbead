"""`bzpeer bench`: what BZPEER does per second, each time beside the least that the same work can cost.

A bench is a module or folder here. It makes cases; `contest` runs each case's raw side and our side in turn on one
temporary stack, `results` computes the ratios, `showing` prints them, `command` has the command line.
"""
