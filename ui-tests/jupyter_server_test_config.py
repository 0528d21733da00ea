"""The server of the browser tests: JupyterLab's own test settings, in folders of its own."""

# ruff: noqa: F821
import os
from pathlib import Path

from jupyterlab.galata import configure_jupyter_server

root = Path(os.environ["JUPYTERLAB_GALATA_ROOT_DIR"])
root.mkdir(parents=True, exist_ok=True)

# This checkout's build, whatever is installed.
extensions = root.with_name("labextensions")
extensions.mkdir(exist_ok=True)
link = extensions / "handoff-ext"
if not link.exists():
    link.symlink_to(Path(__file__).resolve().parent.parent / "handoff_ext" / "labextension")

configure_jupyter_server(c)
c.ServerApp.port = int(os.environ["HANDOFF_UI_PORT"])
c.ServerApp.allow_root = True
c.Application.log_level = "ERROR"
c.LabServerApp.extra_labextensions_path = [str(extensions), c.LabServerApp.extra_labextensions_path]
c.ServerApp.jpserver_extensions = {"handoff_ext.server": True}
