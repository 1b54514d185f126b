"""Reports (报告): what a paper says, frozen as data, and the child process that sets it as a PDF.

``blocks`` is the content, ``codec`` its canonical JSON, ``papers`` the standing forms of the trade,
``rendering`` the call for jobs. Nothing here knows an app, a model or a request.
"""
