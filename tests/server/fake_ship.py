"""Stands in for ``handoff ship`` in the tests of jobs: the first argument says how to behave."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

behaviour = sys.argv[1]


def say(line):
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def progress(step, status="running", **more):
    say(json.dumps({"step": step, "status": status, **more}))


def shipped(status="ok", reason="", **more):
    sys.stdout.write(
        json.dumps({"steps": [{"step": "run", "status": status, "seconds": 1.5, "reason": reason}], **more})
    )


progress("check")
progress("check", "ok", seconds=0.1)
progress("run", part="load", done=1, total=2)

if behaviour == "done":
    shipped(model_uri="models:/a/1", verdict="handed over")
elif behaviour == "draft":
    shipped(model_uri="models:/a/1", draft=True)
    sys.exit(1)
elif behaviour == "gate":
    shipped("failed", "Train failed in cell 14: KeyError.")
    sys.exit(1)
elif behaviour == "sentence":
    say("Some library's chatter")
    say("handoff: There is no kernel py27. Choose another.")
    sys.exit(2)
elif behaviour == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
elif behaviour == "secret":
    say(f"handoff: cannot connect with {os.environ['DB_PASSWORD']}")
    sys.exit(2)
elif behaviour == "bug":
    raise KeyError("hunter2")
elif behaviour == "wait":
    while not Path("go").exists():
        time.sleep(0.02)
    shipped()
elif behaviour in ("deaf", "polite"):
    if behaviour == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    Path("child").write_text(str(child.pid))
    progress("run", part="train", done=2, total=2)
    time.sleep(60)
