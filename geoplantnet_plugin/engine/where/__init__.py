"""Where: the area and its grid."""
