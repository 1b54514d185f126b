"""Health check inside the web container: ends with 0 when the portal answers /healthz."""

import os
import sys
import urllib.request


def main() -> None:
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".") or "localhost"
    request = urllib.request.Request(
        "http://127.0.0.1:8000/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"}
    )
    try:
        urllib.request.urlopen(request, timeout=4).close()
    except OSError as error:
        sys.exit(f"/healthz: {error}")


if __name__ == "__main__":
    main()
