"""Coordinates of the Dutch national grid (Rijksdriehoek, EPSG:28992) as degrees.

References
----------
.. [1] F. H. Schreutelkamp, G. L. Strang van Hees, "Benaderingsformules voor de transformatie tussen RD- en
   WGS84-kaartcoördinaten", NGT Geodesia 43(2), 2001. Within the Netherlands good to a few decimetres.
"""
from __future__ import annotations

_ORIGIN = (155_000.0, 463_000.0)  # Onze Lieve Vrouwetoren, Amersfoort
_LATITUDE = (
    (0, 1, 3235.65389), (2, 0, -32.58297), (0, 2, -0.24750), (2, 1, -0.84978), (0, 3, -0.06550), (2, 2, -0.01709),
    (1, 0, -0.00738), (4, 0, 0.00530), (2, 3, -0.00039), (4, 1, 0.00033), (1, 1, -0.00012),
)  # fmt: skip
_LONGITUDE = (
    (1, 0, 5260.52916), (1, 1, 105.94684), (1, 2, 2.45656), (3, 0, -0.81885), (1, 3, 0.05594), (3, 1, -0.05607),
    (0, 1, 0.01199), (3, 2, -0.00256), (1, 4, 0.00128), (0, 2, 0.00022), (2, 0, -0.00022), (5, 0, 0.00026),
)  # fmt: skip
"""(power of x, power of y, seconds of arc), of [1]_."""


def degrees(x: float, y: float) -> tuple[float, float]:
    """Return latitude and longitude (WGS 84, degrees) of grid coordinates in metres.

    Examples
    --------
    >>> [round(angle, 6) for angle in degrees(155_000, 463_000)]
    [52.155174, 5.387206]
    """
    dx, dy = (x - _ORIGIN[0]) * 1e-5, (y - _ORIGIN[1]) * 1e-5
    latitude = 52.15517440 + sum(k * dx**p * dy**q for p, q, k in _LATITUDE) / 3600
    longitude = 5.38720621 + sum(k * dx**p * dy**q for p, q, k in _LONGITUDE) / 3600
    return latitude, longitude
