"""督办: what the office and the units do about items, slips, requests and papers."""
