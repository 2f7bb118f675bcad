"""What every gunicorn of the portal shares, in production and in the demonstration; it is read from the folder of the start."""

worker_class = "portal.arrival.Worker"  # notes when a request arrived, before it waits for a thread
