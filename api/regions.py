"""The 35 labour-market regions as a map of tiles: about where each lies, each as large as any other."""
from __future__ import annotations

TILES: dict[str, tuple[str, int, int]] = {
    "AM02": ("FRI", 5, 1), "AM01": ("GRO", 6, 1),
    "AM15": ("NHN", 2, 2), "AM03": ("DRE", 6, 2),
    "AM37": ("ZKY", 2, 3), "AM17": ("ZAW", 3, 3), "AM11": ("FLE", 4, 3), "AM36": ("ZWO", 5, 3), "AM05": ("TWE", 6, 3),
    "AM19": ("HOR", 2, 4), "AM18": ("GAM", 3, 4), "AM12": ("GVS", 4, 4), "AM06": ("SNV", 5, 4), "AM09": ("ACH", 6, 4),
    "AM21": ("HAA", 1, 5), "AM34": ("ZHC", 2, 5), "AM13": ("MUT", 3, 5), "AM14": ("AMF", 4, 5), "AM38": ("FOV", 5, 5),
    "AM07": ("MGE", 6, 5),
    "AM22": ("RIJ", 1, 6), "AM20": ("MHO", 2, 6), "AM35": ("GOR", 3, 6), "AM10": ("RIV", 4, 6), "AM08": ("RVN", 5, 6),
    "AM23": ("DRS", 2, 7), "AM26": ("MBR", 3, 7), "AM27": ("NOB", 4, 7), "AM29": ("NLI", 5, 7),
    "AM24": ("ZEE", 1, 8), "AM25": ("WBR", 2, 8), "AM28": ("ZOB", 3, 8), "AM32": ("HDP", 4, 8), "AM33": ("MLI", 5, 8),
    "AM30": ("ZLI", 5, 9),
}  # fmt: skip
"""Region code -> short name, column and row, both from 1."""
