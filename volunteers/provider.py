"""allauth looks in this module for the sign-on providers of an app."""

from .accounts.sign_on import CitySignOn

provider_classes = [CitySignOn]
