#!/usr/bin/env bash
# Installs the system's packages that only tests need.
#
#   scripts/system-packages.sh [--full]   --full: what scripts/ci-full.sh needs too
#
# Fails with a clear message where a package is missing and cannot be installed.
set -euo pipefail

install() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo -n)
  fi
  if ! command -v apt-get >/dev/null; then
    echo "missing: $*; install them with this system's package manager" >&2
    return 1
  fi
  "${as_root[@]}" apt-get update -qq || echo "the list of packages could not be updated; trying with the one that is here" >&2
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null || {
    echo "could not install $*: no network, or no right to; the checks need them" >&2
    return 1
  }
}

packages=()
command -v cc >/dev/null && command -v c++ >/dev/null || packages+=(build-essential)
command -v valgrind >/dev/null || packages+=(valgrind)
# What bindgen loads; libclang-cpp is another library.
ldconfig -p | grep -qE '\slibclang(-[0-9.]+)?\.so' ||
  compgen -G '/usr/lib/llvm-*/lib/libclang[.-][0-9s]*' >/dev/null ||
  packages+=(libclang-dev)
# Readers of lines and of JSON that callgate must agree with.
command -v go >/dev/null || packages+=(golang-go)
command -v javac >/dev/null && command -v java >/dev/null || packages+=(default-jdk-headless)
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
if [ ${#packages[@]} -gt 0 ]; then
  install "${packages[@]}"
fi

if [ "${1:-}" = --full ]; then
  if ! command -v aarch64-linux-gnu-gcc >/dev/null || ! command -v qemu-aarch64 >/dev/null ||
    [ ! -e /usr/aarch64-linux-gnu/lib/libstdc++.so.6 ]; then
    install gcc-aarch64-linux-gnu libc6-dev-arm64-cross libstdc++6-arm64-cross qemu-user
  fi
  if [ ! -e /usr/share/keyrings/debian-archive-keyring.gpg ]; then
    install debian-archive-keyring
  fi
fi
