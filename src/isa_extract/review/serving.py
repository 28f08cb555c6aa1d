"""Serving the page on this machine alone."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable

from isa_extract.errors import OutputError
from isa_extract.evidence.store import open_store

HOST = "127.0.0.1"


def serve(store: str, port: int = 0, *, browser: bool = True, say: Callable[[str], object] = print) -> None:
    """Serve the page until it is interrupted (Ctrl+C).

    Args:
        store: path or URL.
        port: 0 for a free one.
        browser: whether to open it there.
        say: gets the address, once it can be reached.

    Raises:
        StoreError: if the store cannot be used.
        OutputError: if the port is taken.
    """
    with open_store(store, write=False):
        pass  # what is wrong with it is told here, not on the page
    import uvicorn

    from isa_extract.review.app import review_app

    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise OutputError(
            f"port {port}: cannot be used: {error.strerror} (give another --port, or none)"
        ) from None
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    config = uvicorn.Config(
        review_app(store, secrets.token_urlsafe(32)),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    say(address)
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # the way to end it
    finally:
        listener.close()
