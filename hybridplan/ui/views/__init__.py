"""What the pages show: one module per page and shared parts."""
