"""The field for the number of a person who wants to be called."""

from programs.phone_fields import PhoneFormField
from programs.phones import validate_callable


class PhoneField(PhoneFormField):
    """Takes a number that reaches somebody from here."""

    default_validators = [validate_callable]
