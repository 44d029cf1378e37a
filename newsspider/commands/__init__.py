"""One module for each command: it parses, calls the core, prints. Heavy imports stand inside the commands."""
