"""Travel time from door to door, one way, from the distance as the crow flies.

No timetable and no road network: a figure to sort and to warn with, not a journey plan. It rather says a few
minutes too many than too few, because a student who arrives late every day loses the place.

Three steps, the same for every means:

1. *From door to door.* A position is the centre of a postcode area or of a place. Two people in one such area
   still live and work some way apart, so the straight line becomes sqrt(km^2 + 0.7^2): 0.7 km within one
   area (its addresses lie close together: about half the radius of an average area of 8 km^2), and soon
   nothing on longer ways.
2. *Over the road.* `ROAD_FACTOR` road km per straight km. Measured detours lie between 1.2 for commutes in
   general [1]_ and 1.4 for car journeys over whole countries [2]_ [3]_; 1.3 is the middle, and the default
   of the rule that holds ``max_km`` against the road.
3. *By the means.* Minutes that pass before and after the ride, then speeds that rise with the distance.

========================  ====================  ==============================================================
means                     before and after      km/h over the road
========================  ====================  ==============================================================
foot                      0                     4.8 (a brisk walker makes 5 to 6)
bicycle                   2 (unlock, park)      15 (with stops and head wind; 16-18 without)
e_bike                    2                     18 (support ends at 25; stops, bends and wind are counted)
moped                     3 (helmet, park)      25 (a snorfiets may ride 25, a bromfiets 45 on the road and 30
                                                in town; a cautious mean)
car                       5 (park, walk)        25 the first 5 km, 50 the next 20, 80 beyond (rush hour)
brought                   5 (wait, get in and   as the car; a taxi bus with more pupils takes longer
                          out)
public_transport          16 (walk to the stop  20 the first 6 km (a town bus with stops, or a change), 40 the
                          5, wait 6, walk 5)    next 24 (regional bus or stop train), 75 beyond (train); never
                                                more than the walk itself
========================  ====================  ==============================================================

Public transport comes to about twice the car over the same way, which is what Dutch door-to-door
comparisons find. A village without a line of its own takes longer: that belongs in the conversation about the match.
Water without a bridge is gone around, and no ferry is taken: see `features.water`.

References
----------
.. [1] D. Levinson, A. El-Geneidy, "The minimum circuity frontier and the journey to work", Regional Science
   and Urban Economics 39(6), 2009. doi:10.1016/j.regsciurbeco.2009.07.003
.. [2] R. H. Ballou, H. Rahardja, N. Sakai, "Selected country circuity factors for road travel distance
   estimation", Transportation Research Part A 36(9), 2002. doi:10.1016/S0965-8564(01)00044-1
.. [3] F. P. Boscoe, K. A. Henry, M. S. Zdeb, "A nationwide comparison of driving distance versus
   straight-line distance to hospitals", The Professional Geographer 64(2), 2012.
   doi:10.1080/00330124.2011.583586
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.errors import FeatureError

ROAD_FACTOR = 1.3
"""Road km per km as the crow flies."""

_WITHIN_AREA_KM = 0.7


@dataclass(frozen=True, slots=True)
class Ride:
    """Minutes that do not depend on the distance, and (up to this road km, km/h) for each part of the way."""

    around: float
    speeds: tuple[tuple[float, float], ...]

    def minutes(self, road_km: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Minutes for road distances of any shape."""
        total = np.full_like(road_km, self.around)
        begin = 0.0
        for end, speed in self.speeds:
            total += np.clip(road_km - begin, 0.0, end - begin) * (60.0 / speed)
            begin = end
        return total


_CAR = ((5.0, 25.0), (25.0, 50.0), (np.inf, 80.0))
RIDES = {
    "foot": Ride(0.0, ((np.inf, 4.8),)),
    "bicycle": Ride(2.0, ((np.inf, 15.0),)),
    "e_bike": Ride(2.0, ((np.inf, 18.0),)),
    "moped": Ride(3.0, ((np.inf, 25.0),)),
    "public_transport": Ride(16.0, ((6.0, 20.0), (30.0, 40.0), (np.inf, 75.0))),
    "car": Ride(5.0, _CAR),
    "brought": Ride(5.0, _CAR),
}
"""How each means of travel moves; the keys are the codes of the list ``travel_means``."""


def minutes(straight_km: npt.ArrayLike, means: str) -> npt.NDArray[np.float64]:
    """Minutes from door to door, one way.

    Parameters
    ----------
    straight_km : array_like
        Kilometres as the crow flies, of any shape, 0 or more; NaN where unknown.
    means : str
        A code of the list ``travel_means``.

    Returns
    -------
    ndarray of float64
        Minutes, of the same shape; they never fall when the distance grows. NaN where the distance is NaN.

    Raises
    ------
    FeatureError
        If ``means`` is no code of ``travel_means``.

    Examples
    --------
    >>> minutes([0.0, 10.0], "bicycle").round().tolist()
    [6.0, 54.0]
    """
    if means not in RIDES:
        raise FeatureError(f"travel means: found {means!r}, expected one of {', '.join(RIDES)}.")
    road_km = ROAD_FACTOR * np.hypot(np.asarray(straight_km, dtype=np.float64), _WITHIN_AREA_KM)
    total = RIDES[means].minutes(road_km)
    if means == "public_transport":
        total = np.minimum(total, RIDES["foot"].minutes(road_km))
    return total
