"""The numbers behind equal chances: intervals that say how sure a figure is, and which small cells stay hidden."""
