"""``python -m tests.serve.print_page MODEL_URI [TRACKING_URI]``: the page's HTML, first empty and then with an answer.

To look at: redirect it into a file and open that in a browser.
"""

from __future__ import annotations

import sys

from tests.serve.conftest import gateway, until_ready


def main(model_uri: str, *tracking_uri: str) -> None:
    """Print both pages, the second for the version's example."""
    store = ["--tracking-uri", *tracking_uri] if tracking_uri else []
    with gateway(model_uri, *store) as (client, _):
        until_ready(client)
        sys.stdout.write(client.get("/").text)
        (row,) = client.get("/openapi.json").json()["components"]["schemas"]["Row"]["examples"]
        texts = {name: "" if value is None else str(value) for name, value in row.items()}
        sys.stdout.write(client.post("/", data=texts).text)


if __name__ == "__main__":
    main(*sys.argv[1:])
