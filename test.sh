#!/usr/bin/env bash
# Everything that CI checks: locked restore, build with warnings as errors, all tests. Installs with apt what is missing.
# Usage: ./test.sh [--no-install]    Last line: "N passed, N failed" (and ", N skipped" where tests were skipped).
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Every process here ends within minutes: compiling for later, and memory that is never writable and executable at once, cost them a sixth of their time.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

install_missing() {
  local missing=()
  [ -x "${CHROMIUM_PATH:-/usr/bin/chromium}" ] || missing+=(chromium)
  command -v redis-server > /dev/null || missing+=(redis-server)
  { command -v prometheus && command -v promtool; } > /dev/null || missing+=(prometheus)
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  echo "installing: ${missing[*]}"
  if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "${missing[@]}"; } > /tmp/dabbawala-apt.log 2>&1; then
    echo "could not be installed (see /tmp/dabbawala-apt.log); tests that need it are skipped and say so"
  fi
}

# Beside the build, which needs none of it.
installing=
if [ "${1:-}" != --no-install ]; then install_missing & installing=$!; fi
dotnet restore --locked-mode
# One compiler for all projects, which is warm after the first; it ends with the build.
UseSharedCompilation=true dotnet build --no-restore
dotnet build-server shutdown --vbcscompiler > /dev/null || true
[ -z "$installing" ] || wait "$installing"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# One project at a time: the timing of a test must not depend on what its neighbours do to two cores. A project that hangs is ended and has failed.
timeout --kill-after 10s 14m dotnet test --no-build --max-parallel-test-modules 1 --timeout 7m 2>&1 | tee "$log" || status=$?

sum() { awk -v field="$1:" '$1 == field { n += $2 } END { print n + 0 }' "$log"; }
passed=$(sum succeeded) failed=$(sum failed) skipped=$(sum skipped)
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
if [ "$passed" -eq 0 ]; then status=1; fi
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
exit "$status"
