# shellcheck shell=bash disable=SC2034
# tools/cmake/common.sh
# What tools/build, tools/test and tools/run share; sourced by them after `set -euo pipefail`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# What the programs need.
build_packages=(
  g++ cmake ninja-build ccache mold pkgconf
  libprotobuf-dev protobuf-compiler libgrpc++-dev protobuf-compiler-grpc libabsl-dev librocksdb-dev
  libssl-dev libboost-dev libspdlog-dev libcli11-dev nlohmann-json3-dev libxxhash-dev libjemalloc-dev
  zlib1g-dev libcurl4-openssl-dev libmagic-dev prometheus-cpp-dev
  libgtest-dev libgmock-dev librapidcheck-dev
)
# What the checks of tools/test need besides.
test_packages=(
  clang-format-14 clang-14 libclang-rt-14-dev openssl golang-go golang-golang-x-mod-dev
)

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }
die() {
  say "$*"
  exit 1
}

# ensure_packages PACKAGE...: installs those that are missing; says what to do where it cannot.
ensure_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "this is not Debian; these packages of Debian 12, or their like, must be there: $*"
    return 0
  fi
  local missing=() package installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p') || true
  for package in "$@"; do
    grep -qxF -- "$package" <<<"$installed" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0)
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
      die "missing packages, and neither root nor sudo to install them. As root: apt-get install ${missing[*]}"
    apt=(sudo "${apt[@]}")
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  "${apt[@]}" update >&2 ||
    die "apt-get update failed; is the network there? Needed: apt-get install ${missing[*]}"
  "${apt[@]}" install --no-install-recommends "${missing[@]}" >&2 ||
    die "apt-get install failed. Needed on Debian 12: apt-get install ${missing[*]}"
}

# ensure_space MEGABYTES: stops early rather than in the middle of a link.
ensure_space() {
  local free
  free=$(df -Pm "$root" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$1" ] || die "only $free MB free where $root is; a build needs $1 MB"
}

# How many compilers may run: one a core, and a gigabyte of memory for each.
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo)
  local jobs=$((cores < memory ? cores : memory))
  echo $((jobs > 0 ? jobs : 1))
}
