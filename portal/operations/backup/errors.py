"""Why a backup or a restore ended; each text is a sentence for the person at the terminal."""


class BackupFailed(Exception):
    """Nothing was written, or nothing was restored."""


class NotWhole(BackupFailed):
    """The file ends too soon, or somebody or something has changed it."""

    def __init__(self) -> None:
        super().__init__(
            "Die Datei ist unvollständig oder verändert. Es ist nichts zurückgespielt. Bitte eine andere "
            "Sicherung nehmen."
        )
