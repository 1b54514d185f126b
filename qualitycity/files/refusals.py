class FileRefused(Exception):
    """The file is not taken. ``str(error)`` is one sentence for the person, in the person's language."""

    @property
    def sentence(self) -> str:
        return str(self)
