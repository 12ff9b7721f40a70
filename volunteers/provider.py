"""Where allauth looks for the ways to sign on that an app brings."""

from .accounts.sign_on import CitySignOn

provider_classes = [CitySignOn]
