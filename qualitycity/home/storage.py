"""Static files with hashed names, imports between JavaScript modules included."""

from collections.abc import Callable
from re import Match

from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_MODULES = "portal/"


class PortalStaticStorage(CompressedManifestStaticFilesStorage):
    """Without it an imported module would keep its plain name and an old copy in the browser's cache."""

    support_js_module_import_aggregation = True

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[Match[str]], str]:
        """As inherited, but imports are followed in the portal's own modules only.

        The pattern cannot tell code from remarks, and htmx's extensions have `import("../htmx")` in theirs.
        """
        of_import = template is not None and template.startswith(("import", "export"))
        if of_import and not name.startswith(OWN_MODULES):
            return lambda match: match[0]
        return super().url_converter(name, hashed_files, template)
