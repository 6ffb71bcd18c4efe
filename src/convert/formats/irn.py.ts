/** Makes the files that IRN's later steps read. Pickles are not written here: no program but Python should. */
export const toIrn = `"""python to_irn.py OUT: for each .npz here, the .npy that IRN's make_cam.py writes. --torch: with \`cam\` as a tensor, as there."""
import sys
from pathlib import Path

import numpy as np

here = Path(__file__).resolve().parent
out = Path(sys.argv[1])
for path in here.rglob("*.npz"):
    with np.load(path) as arrays:
        content = {name: arrays[name] for name in ("keys", "cam", "high_res")}
    if "--torch" in sys.argv:
        import torch

        content["cam"] = torch.from_numpy(content["cam"])
    target = (out / path.relative_to(here)).with_suffix(".npy")
    target.parent.mkdir(parents=True, exist_ok=True)
    np.save(target, content)
`;
