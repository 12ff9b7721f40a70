"""The register: lists that staff import, export and save."""

from django.utils.translation import gettext_lazy as _

from . import sentences
from .of_operation import PUBLIC_TASK
from .processing import Processing, Whose

EXPORT_FILES = Processing(
    key="export_files",
    title=_("Große Listen, die das Portal im Hintergrund zusammenstellt"),
    whose=Whose.WORKING,
    what=_(
        "welches Konto welche Liste mit welchem Filter wofür exportiert, und bis zum Herunterladen "
        "die Liste selbst"
    ),
    purpose=_("eine Liste herunterladen, die zu groß ist, um darauf zu warten"),
    basis=PUBLIC_TASK,
    seen_by=_("nur wer die Liste angefordert hat"),
    kept=(sentences.export_files,),
    fields={
        "programs.ExportFile": (
            "by",
            "through",
            "of_all",
            "what",
            "query",
            "ids",
            "filter",
            "purpose",
            "created_at",
            "finished_at",
        ),
        "programs.ExportPart": ("data",),
    },
    owned_by={"programs.ExportFile": ("by__email",), "programs.ExportPart": ()},
)
SAVED_LISTS = Processing(
    key="saved_lists",
    title=_("Gespeicherte Listen"),
    whose=Whose.WORKING,
    what=_(
        "welches Konto welche Liste der Verwaltung unter welchem Namen gespeichert hat: wonach gesucht, "
        "gefiltert und sortiert wird, nie die Zeilen selbst"
    ),
    purpose=_("dieselbe Liste später noch einmal öffnen oder exportieren"),
    basis=PUBLIC_TASK,
    seen_by=_(
        "wer die Liste gespeichert hat; ist sie für eine Organisation, auch wer dort arbeitet"
    ),
    kept=(sentences.saved_lists,),
    fields={"programs.SavedList": ("owner", "name", "search", "filters", "words")},
    owned_by={"programs.SavedList": ("owner__email",)},
)
IMPORTS = Processing(
    key="imports",
    title=_("Listen, die importiert werden"),
    whose=Whose.EVERYBODY,
    what=_("was in der Liste einer Organisation steht, solange sie gelesen und geprüft wird"),
    purpose=_("eine Liste vor dem Übernehmen zeigen und prüfen lassen"),
    basis=_("wie die Angaben, die übernommen werden"),
    seen_by=_("nur, wer die Liste hochgeladen hat"),
    kept=(sentences.imports,),
    fields={
        "programs.ListImport": (
            *("owner", "created_at", "target", "file_name", "data", "state", "reason"),
            *("sheet", "encoding", "table", "heading_row", "mapping", "preview", "digest"),
            *("done_rows", "decisions"),
        ),
    },
    owned_by={"programs.ListImport": ("owner__email",)},
)
OF_LISTS = (EXPORT_FILES, SAVED_LISTS, IMPORTS)
