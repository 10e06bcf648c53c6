"""How fast this program is, part by part, and the page that says so.

    python -m benchmarks.performance [--out docs] [--quick] [--only PART ...]

measures the parts in `PARTS`, each in a process of its own, stores the result of each as
`var/performance/PART.json`, and writes `performance.md` and its pictures from all stored results.
Parts can therefore be measured one at a time; the page says when and where each one ran. Measure
on an idle machine. --quick only checks, in some minutes, that everything works; its page and its
results go to `var/performance/quick`.
"""

PARTS = ("question", "load", "build", "size", "start", "memory", "peers")
"""In the order in which they run: `question` builds the index that others use."""
