"""Explains photos on a Spark cluster, and writes a row a photo with its maps as Parquet.

    spark-submit examples/spark.py photos.txt out.parquet -m efficientnet-lite0

photos.txt has a path a line, which every machine of the cluster must be able to open. Each partition is one gapcam, which
loads the model once. A task that is lost, or run twice, is no harm: gapcam writes no file, and Spark takes one answer.
"""

import os
import shlex
import sys

from pyspark.sql import SparkSession

PHOTOS_PER_PARTITION = int(os.environ.get("PHOTOS_PER_PARTITION", 1000))
GAPCAM = os.environ.get("GAPCAM", "gapcam")

# Of docs/manifest.md, what is wanted as columns. A photo that failed has an error and no maps.
SCHEMA = """
    `in` string, photo string, width int, height int, field array<double>,
    error struct<code: string, message: string>,
    maps array<struct<class: int, label: string, logit: double, score: double, grid: array<int>, map: array<double>>>
"""

photos, out, *options = sys.argv[1:]
spark = SparkSession.builder.appName("gapcam").getOrCreate()
paths = spark.sparkContext.textFile(photos)
paths = paths.repartition(-(-paths.count() // PHOTOS_PER_PARTITION) or 1)

# One process a core, since Spark itself runs a task a core. Spark gives the command no environment unless told.
command = f"{GAPCAM} - --json --write none --quiet --jobs 1 {shlex.join(options)}"
answers = paths.pipe(command, env={"PATH": os.environ["PATH"]}, checkCode=True)
spark.read.schema(SCHEMA).json(answers).write.mode("overwrite").parquet(out)
