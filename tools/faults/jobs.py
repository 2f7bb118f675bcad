"""The poison: whoever takes this job up is dead before it ends."""

import os
import signal

from procrastinate.contrib.django import app

from portal import again

POISON = "die_of_it"


@app.task(name=POISON, retry=again.OFTEN)
def die_of_it() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
