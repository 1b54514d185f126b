"""Drills: the portal's real processes on servers of their own, while something is taken away from them.

`make drill-reminders`, `make drill-beats`, `make drill-redis`, `make drill-walks`; each prints what it counted and
fails when the promise was not kept. The tests in tests/drills run short versions of the same code.
"""
