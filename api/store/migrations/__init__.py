"""Every change of the tables, one file each, applied in order by `schakel db upgrade`."""
