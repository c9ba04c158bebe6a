"""Expression functions: what an assessment says where a feature lies."""
