from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Holds the commands and pages that belong to the installation, not to an organisation."""

    name = "config"
