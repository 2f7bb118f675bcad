"""How passwords are kept: Argon2id with what OWASP asks of it at least (19 MiB, two passes, one lane). It is
as hard on whoever stole the hashes as a million rounds of PBKDF2, and takes a tenth of the processor
time of each sign-in: thirty at once held the portal for half a minute before.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1


class Before(PBKDF2PasswordHasher):
    """What was kept before; replaced at its owner's next sign-in."""
