"""Explains photos with Ray Data, and writes a row a photo with its maps as Parquet.

    python examples/ray_data.py photos.txt out -m efficientnet-lite0

photos.txt has a path a line, which every machine of the cluster must be able to open. Each actor keeps one gapcam, which loads
the model once and answers batch after batch.
"""

import json
import os
import subprocess
import sys
import threading

import pandas as pd
import ray

GAPCAM = os.environ.get("GAPCAM", "gapcam")


class Explain:
    def __init__(self, *options):
        command = [*GAPCAM.split(), "-", "--json", "--write", "none", "--quiet", "--jobs", "1", *options]
        self.gapcam = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def __call__(self, batch):
        paths = list(batch["text"])
        # In a thread of its own: gapcam takes no further lines while its answers are not read.
        asking = threading.Thread(target=self.ask, args=[paths])
        asking.start()
        answers = [self.answer() for _ in paths]
        asking.join()
        return pd.DataFrame([self.row(answer) for answer in answers])

    def ask(self, paths):
        self.gapcam.stdin.write("".join(path + "\n" for path in paths))
        self.gapcam.stdin.flush()

    def answer(self):
        line = self.gapcam.stdout.readline()
        if not line:
            raise RuntimeError(f"gapcam ended with exit code {self.gapcam.wait()}")
        return json.loads(line)

    def row(self, answer):
        """The first map, with its numbers row by row. A photo that failed has an error and no map."""
        row = {"in": answer["in"], "error": answer.get("error", {}).get("code", ""), "label": "", "grid": [], "map": []}
        for best in answer.get("maps", [])[:1]:
            row |= {key: best[key] for key in ("label", "grid", "map")}
        return row


photos, out, *options = sys.argv[1:]
ray.init()
# A core an actor, and one for what reads and writes beside them: it would wait forever for one that they all hold.
actors = max(1, int(ray.cluster_resources()["CPU"]) - 1)
rows = ray.data.read_text(photos).map_batches(
    Explain,
    fn_constructor_args=options,
    batch_format="pandas",
    batch_size=32,
    compute=ray.data.ActorPoolStrategy(size=actors),
)
rows.write_parquet(out)
