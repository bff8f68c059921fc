"""How many training steps an engine takes before it looks up: so long an interruption may wait."""

SECONDS = 0.5  # a slice of steps, about


def steps_of_a_slice(seconds: float, count: int, most: int) -> int:
    """Returns how many steps take about SECONDS if `count` took so long."""
    return int(min(max(SECONDS * count / seconds, 1), most))
