"""Outside channels 消息渠道: what leaves the portal other than by e-mail – group robots, short messages.

Only how many matters wait is ever said outside (``texts``), never what they are. Where things live: ``choices`` (kinds
of robots), ``robots`` and ``sms`` (a request as the service has published it, and what its answer means; no network),
``addresses`` (where may be sent to), ``sending`` (the one place that opens a connection), ``sealed`` (keys that are
stored must not be readable in a copy of the database).

Whose robot it is, and who wants short messages, is known by the floors above.
"""
