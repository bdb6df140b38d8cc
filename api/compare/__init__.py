"""Two policies on one cohort: who would move, and why, before new weights or rules are adopted."""
