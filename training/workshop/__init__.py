"""The authors' workshop, not in the plugin's zip: checkpoints become packages, packages become smaller."""
