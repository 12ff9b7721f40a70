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
SHIPPED: Path = settings.BASE_DIR / "docs" / "nginx.conf"


@dataclass
class Proxy:
    """Only addresses, ports and folders are of this test; the rest is the file that ships."""

    portal: Portal
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        folder = self.portal.folder / "nginx"
        folder.mkdir()
        shipped = SHIPPED.read_text()
        for old, new in {
            "127.0.0.1:8000": f"127.0.0.1:{self.portal.port}",
            "127.0.0.1:8080": f"127.0.0.1:{self.port}",
        }.items():
            assert old in shipped
            shipped = shipped.replace(old, new)
        places = "".join(
            f"{name}_temp_path {folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{\n{places}{shipped}}}\n"
        )
        assert NGINX
        self.process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"])

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/livez", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(30)
