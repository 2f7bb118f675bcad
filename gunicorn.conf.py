"""What every gunicorn of the portal shares, in production and in the demonstration; it is read from the folder of the start."""

# collects a request whole before it takes a thread, and notes when it arrived
worker_class = "portal.serving.Worker"
# one JSON object a line, as the portal's own
logger_class = "portal.serving_log.Logger"
