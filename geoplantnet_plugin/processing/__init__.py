"""Processing: the provider and its algorithms, one file each. They are the only way the plugin starts work."""
