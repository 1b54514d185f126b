"""Closed vocabularies of `programs`. The tables that move the states stand in `domain/`."""

from .core import *  # noqa: F403
from .importing import *  # noqa: F403
from .materials import *  # noqa: F403
from .meetings import *  # noqa: F403
from .requests import *  # noqa: F403
from .slips import *  # noqa: F403
from .supervision import *  # noqa: F403
