"""From numbers to sentences: reasons, points to check, and what blocks."""
