"""What Django's own formats of a language lack here (``FORMAT_MODULE_PATH``)."""
