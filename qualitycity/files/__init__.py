"""Uploaded files 附件: checked before they are kept, stored under random names, served so that nothing runs.

``storing`` takes a file in, ``checks`` says what is refused and why, ``serving`` hands a file out.
"""
