"""gunicorn's own lines, written as all others are."""

from gunicorn import glogging
from gunicorn.config import Config

from portal.logs import JsonFormatter


class Logger(glogging.Logger):  # type: ignore[misc]  # gunicorn has no types
    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(JsonFormatter())
