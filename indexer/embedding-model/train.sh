#!/bin/sh
# Makes the built-in embedding model anew: `npm run train -- <checkouts> <out.bin> [options of train.py]`. Downloads nothing.
# A checkout is <checkouts>/<owner>+<name>, with its history; which are needed says repositories.tsv. README.md says more.
set -eu
[ $# -ge 2 ] || { echo 'usage: npm run train -- <checkouts> <out.bin> [--seed N] …' >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
checkouts=$1
out=$2
shift 2
work=${LOREKEEP_TRAINING_FOLDER:-$out.work}
mkdir -p "$work"
node "$here/extract.ts" "$checkouts" "$work/pairs" 1/2 &
node "$here/extract.ts" "$checkouts" "$work/pairs" 2/2
wait $!
[ -e "$work/arrays.npz" ] || python3 "$here/encode.py" "$work/pairs" "$work/arrays.npz"
python3 "$here/train.py" "$work/arrays.npz" "$work/trained.npz" "$@"
python3 "$here/write_model.py" "$work/trained.npz" "$out"
