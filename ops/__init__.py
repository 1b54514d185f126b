"""Setting up, running and testing the portal on one machine. Nothing of the portal itself imports this."""
