"""gunicorn's own lines, written as all others are."""

import logging
import os

from gunicorn import glogging
from gunicorn.config import Config

from portal.logs import NONE, JsonFormatter, RequestIdFilter


class OfProcess(RequestIdFilter):
    """What is said beside any request has the number of its process."""

    def filter(self, record: logging.LogRecord) -> bool:
        super().filter(record)
        if getattr(record, "request_id", NONE) == NONE:
            record.__dict__["request_id"] = f"web-{os.getpid()}"
        return True


class Logger(glogging.Logger):  # type: ignore[misc]  # gunicorn has no types
    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(JsonFormatter())
            handler.addFilter(OfProcess())
