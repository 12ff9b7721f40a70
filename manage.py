#!/usr/bin/env python
"""Command line of the portal: ``python manage.py help`` lists every command."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    from portal.environment import load_settings
    from portal.operations import logs

    load_settings()
    logs.install()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
