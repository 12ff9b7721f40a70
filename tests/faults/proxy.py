"""The nginx that ships, in front of the portal of these tests."""

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import requests
from django.conf import settings

from tests.faults.installation import Portal
from tests.mailserver import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SHIPPED: Path = settings.BASE_DIR / "deploy" / "nginx"


@dataclass
class Proxy:
    """Only addresses, ports and folders are of this test; the rest is what ships."""

    portal: Portal
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        folder = self.portal.folder / "nginx"
        folder.mkdir()
        self._write(folder)
        places = "".join(
            f"{name}_temp_path {folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; user root; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{\n{places}include {folder}/portal*.conf;\n}}\n"
        )
        assert NGINX
        self.process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"])

    def _write(self, folder: Path) -> None:
        """Without TLS; and each client of the load keeps its network address."""
        changes = {
            "portal-upstream.conf": {
                "127.0.0.1:8001": f"127.0.0.1:{self.portal.port}",
                "127.0.0.1:8002": f"127.0.0.1:{self.portal.port}",
                "    keepalive 16;\n": "",  # a kept connection would have the address of another client
            },
            "portal-proxy.inc": {
                "proxy_http_version 1.1;": "proxy_http_version 1.1; proxy_bind $remote_addr;"
            },
            "portal.conf": {
                "/var/cache/nginx": str(folder),
                "/etc/nginx/snippets": str(folder),
                "listen 443 ssl;": f"listen 127.0.0.1:{self.port} default_server;",
                "    listen [::]:443 ssl;\n": "",
                "listen 80 default_server;": f"listen 127.0.0.1:{free_port()};",
                "    listen [::]:80 default_server;\n": "",
                "    ssl_": "    # ssl_",
            },
        }
        for name, replaced in changes.items():
            text = (SHIPPED / name).read_text()
            for old, new in replaced.items():
                assert old in text, f"{old} is not in the file that ships"
                text = text.replace(old, new)
            (folder / name).write_text(text)

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/livez", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(30)
