"""How fast this program is, part by part, and the page that says so.

    python -m benchmarks.performance [--out docs] [--quick] [--only PART ...]

measures the parts in `PARTS`, each in a process of its own, keeps what each found as
`var/performance/PART.json`, and writes `performance.md` with its pictures from what is there. So
parts can be measured one at a time; the page says when and where each one was. Times are worth
something on a quiet machine only. With --quick it is seen that everything works, in some minutes;
that page and its results go to `var/performance/quick`.
"""

PARTS = ("question", "floor", "load", "build", "size", "start", "memory", "peers")
"""In the order in which they run: `question` builds the index that the others use."""
