"""What those who answer may correct of a sign-up."""

from programs.admin.forms import OnlyChangedForm

from ..errors import GroupNotPossible
from ..models import Application
from ..services import groups


class ApplicationForm(OnlyChangedForm[Application]):
    """A group may become bigger only while there are places; the page's transaction holds them until it is saved."""

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound or self.errors or "group_size" not in self.changed_data:
            return
        try:
            groups.hold_room(application=self.instance, people=self.instance.people)
        except GroupNotPossible as error:
            self.add_error("group_size", str(error))
