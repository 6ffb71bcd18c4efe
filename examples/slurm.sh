#!/bin/sh
# Explains a folder of photos as a Slurm array of 16 jobs, then merges what they made.
#
#   sh examples/slurm.sh photos out -m efficientnet-lite0
#
# Photos and out lie on a disk that all nodes share. Called again, it does what is not done yet.
#SBATCH --job-name=gapcam
#SBATCH --array=1-16
#SBATCH --cpus-per-task=4
set -eu
photos=$1 out=$2
shift 2

# Outside of Slurm: submit this script as the array, and the merge behind it. `afterany`: the merge itself says what
# is missing.
if [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
  array=$(sbatch --parsable "$0" "$photos" "$out" "$@")
  OUT=$out sbatch --parsable --job-name=gapcam-merge --dependency="afterany:$array" \
    --wrap 'gapcam merge "$OUT"/shards/*-of-* -o "$OUT/all" --exit-zero'
  exit
fi

# In the array: --shard auto reads which of the jobs this is.
exec gapcam "$photos" -o "$out/shards" --shard auto --jobs "$SLURM_CPUS_PER_TASK" --quiet --no-report --exit-zero "$@"
