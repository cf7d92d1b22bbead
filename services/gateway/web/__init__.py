"""Everything that people see: pages rendered on the server, their styles and their few lines of script.

The gateway puts it together in two steps:

    install_pages(app, source, contact="help@example.org", fonts_dir=assets_dir / "fonts")

and in its handler of problems

    if wants_page(request):
        return error_page(request, status, title, detail)

`source` satisfies `PageData`. Everything else that is shown goes through `page`.
"""

from services.gateway.web.installing import install_pages
from services.gateway.web.rendering import error_page, page, wants_page
from services.gateway.web.source import PageData, Viewer

__all__ = ["PageData", "Viewer", "error_page", "install_pages", "page", "wants_page"]
