"""What a daily look from outside found (portal/health/certificate.py)."""

from django.db import models


class Certificate(models.Model):
    """The certificate of a host, as a browser sees it: until when it holds, and when that was seen."""

    host = models.CharField(max_length=253, primary_key=True)
    ends_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.host} {self.ends_at:%Y-%m-%d}"
