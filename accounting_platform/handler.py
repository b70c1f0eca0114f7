"""The way in for every request: Django's, but for the character set that a client claims."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class PlatformRequest(WSGIRequest):
    """Text is UTF-8. Django would look up whatever codec a Content-Type names, and some of them decode no text."""

    def _set_content_type_params(self, meta):
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {}


class PlatformHandler(WSGIHandler):
    request_class = PlatformRequest
