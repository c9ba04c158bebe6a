"""What a service adds, bears and survives."""
