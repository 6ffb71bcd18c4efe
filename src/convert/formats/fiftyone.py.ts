/** Adds the samples one by one: FiftyOne's own importer holds all of samples.json in memory. */
export const loadFiftyone = `"""python load_fiftyone.py NAME: adds the photos beside this file to the FiftyOne data set NAME, of any number."""
import json
import sys
from pathlib import Path

import fiftyone as fo

here = Path(__file__).resolve().parent


def samples():
    with open(here / "samples.json", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith('{"filepath"'):
                continue
            sample = json.loads(line.rstrip().rstrip(","))
            for value in sample.values():
                if isinstance(value, dict) and "map_path" in value:
                    value["map_path"] = str(here / value["map_path"])
            yield fo.Sample.from_dict(sample)


if __name__ == "__main__":
    dataset = fo.Dataset(sys.argv[1], persistent=True)
    dataset.add_samples(samples())
    print(dataset)
`;
