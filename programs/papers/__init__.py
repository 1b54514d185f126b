"""Papers of the office, worded from the rows their reader may see: what is printed, not how it looks
(`qualitycity/reports`). In Chinese like all papers of the office."""
