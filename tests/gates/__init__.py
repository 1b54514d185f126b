"""The house rules, each a function of a source tree: findings as sentences, none when the rule is kept.

Every gate is run on this project, and once on a small tree with a fault planted in it, to show that it can fail.
"""
