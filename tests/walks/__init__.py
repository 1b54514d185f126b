"""Random walks over the transition tables, judged by tables written by hand.

To add a machine: write its `Walk` (see `walk.py`) in a module of this folder and name it in `WALKS` of `registry.py`.
"""
