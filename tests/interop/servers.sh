# shellcheck shell=bash
# tests/interop/servers.sh
# Servers for the shell tests of this folder, sourced after `set -euo pipefail`: a scratch folder in
# $scratch, programs in $bin, and everything that was started ended by its pid when the test ends.

bin=${SCRUTINY_BIN:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/build/release/bin}
scratch=$(mktemp -d)
pids=()

stop_all() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$scratch"
}
trap stop_all EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# start NAME PROGRAM ARGUMENT...: a server with --port-file; then $pid, and $grpc and $http where it
# has them.
start() {
  local name=$1 port_file=$scratch/$1.port
  shift
  rm -f "$port_file"
  "$@" --port-file "$port_file" >"$scratch/$name.log" 2>&1 &
  pid=$!
  pids+=("$pid")
  local try
  for try in $(seq 600); do
    [ ! -s "$port_file" ] || break
    kill -0 "$pid" 2>/dev/null || { cat "$scratch/$name.log" >&2; fail "$name does not start"; }
    sleep 0.05
  done
  [ -s "$port_file" ] || fail "$name does not serve after 30 seconds (try $try)"
  grpc=$(sed -n 's/.*grpc=\([^ ]*\).*/\1/p' "$port_file")
  http=$(sed -n 's/.*http=\([^ ]*\).*/\1/p' "$port_file")
}

# start_ledger NAME ARGUMENT...: a scrutinyd on $scratch/NAME; `scrutiny` talks to it.
start_ledger() {
  local name=$1
  shift
  start "$name" "$bin/scrutinyd" --data "$scratch/$name/data" --identity "$scratch/$name/identity" \
    --keys "$scratch/$name/keys" --listen 127.0.0.1:0 --http 127.0.0.1:0 --log-level warn "$@"
  export SCRUTINY_SERVER=$grpc
}

# stop PID: ends it as an operator would, and waits.
stop() {
  kill "$1"
  wait "$1" || fail "server $1 did not end cleanly"
}

# grow FROM TO WHAT: appends entries until the ledger has TO of them; it has FROM.
grow() {
  seq "$1" $(($2 - 1)) | awk -v what="$3" '
    function flush() { if (n) print "{\"request_id\":\"" what "-" first "\",\"facts\":[" facts "]}"; n = 0 }
    { if (n == 0) { first = $1; facts = "" }
      facts = facts (n ? "," : "") "{\"proposed\":{\"record\":\"actions/" what "/" $1 \
        "\",\"occurred\":{\"on\":\"2019-03-18\"},\"action_raised\":{\"title\":\"Entry " $1 "\"}}}"
      if (++n == 500) flush() }
    END { flush() }' >"$scratch/import.jsonl"
  "$bin/scrutiny" import "$scratch/import.jsonl" >"$scratch/import.log" 2>&1 ||
    { cat "$scratch/import.log" >&2; fail "the import failed"; }
}

# checkpoint_of SIZE FILE: waits until the published checkpoint is of this size.
checkpoint_of() {
  local try
  for try in $(seq 200); do
    "$bin/scrutiny" checkpoint >"$2" 2>/dev/null || true
    [ "$(sed -n 2p "$2" 2>/dev/null)" != "$1" ] || return 0
    sleep 0.05
  done
  fail "no checkpoint of size $1 after $try tries: $(sed -n 2p "$2")"
}
