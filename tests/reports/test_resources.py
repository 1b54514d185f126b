"""Nothing from outside gets onto a paper, whatever asks for it."""

import http.server
import os
import subprocess
import sys
import threading

import pytest
import weasyprint

from qualitycity.confined.limits import PROJECT, child_environment
from qualitycity.reports.resources import NothingElse

SECRET = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='20'><text y='15'>{}</text></svg>"


@pytest.fixture
def listener():
    """A server on this machine that counts who comes."""
    visits = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            visits.append(self.path)
            self.send_error(404)

        def log_message(self, *_args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", visits
    server.shutdown()
    server.server_close()


def test_only_what_was_given_is_loaded(tmp_path, listener):
    address, visits = listener
    secret = tmp_path / "secret.svg"
    secret.write_text(SECRET.format("机密"))
    fetcher = NothingElse({"paper:chart/1": (SECRET.format("图表").encode(), "image/svg+xml")})
    page = f"""
        <link rel="stylesheet" href="{address}/sheet.css">
        <style>@import url("{address}/import.css"); @font-face {{ font-family: x; src: url({secret.as_uri()}) }}
               p {{ background: url("{address}/background.png") }}</style>
        <p>正文</p><img src="paper:chart/1"><img src="{secret.as_uri()}"><img src="{address}/picture.png">
        <img src="data:image/svg+xml,x"><object data="{secret.as_uri()}"></object>
        <a rel="attachment" href="{secret.as_uri()}">附件</a>"""
    pdf = weasyprint.HTML(string=page, url_fetcher=fetcher).write_pdf(uncompressed_pdf=True)
    assert pdf.startswith(b"%PDF")
    assert visits == []
    refused = {url.split("/")[-1] for url in fetcher.refused}
    assert {"sheet.css", "import.css", "background.png", "secret.svg", "picture.png", "svg+xml,x"} <= refused
    assert "paper:chart/1" not in fetcher.refused
    assert b"/EmbeddedFile" not in pdf


@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://127.0.0.1/", "data:,x", "ftp://127.0.0.1/x"])
def test_a_refusal_is_an_error_that_names_the_address(url):
    with pytest.raises(ValueError, match="nothing from outside"):
        NothingElse({}).fetch(url)


def test_a_child_process_cannot_reach_the_network(listener):
    address, visits = listener
    attempt = (
        "from qualitycity.confined.limits import forbid_network; forbid_network()\n"
        "import sys, urllib.request, socket\n"
        "for call in (lambda: urllib.request.urlopen(sys.argv[1]), lambda: socket.getaddrinfo('localhost', 80),\n"
        "             lambda: socket.create_connection(('127.0.0.1', 80))):\n"
        "    try: call()\n"
        "    except PermissionError: print('refused')\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", attempt, address], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert child.stdout.split() == ["refused"] * 3
    assert visits == []


def test_a_child_process_is_given_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "geheim")
    monkeypatch.setenv("DATABASE_URL", "postgres://geheim")
    monkeypatch.setenv("QC_VAR", "/somewhere")
    given = child_environment()
    assert not any("geheim" in value for value in given.values())
    assert given["QC_VAR"] == "/somewhere"
    assert given["PATH"] == os.environ["PATH"]
