"""What the start pages read: one module per desk. Every count starts at what the actor may see."""
