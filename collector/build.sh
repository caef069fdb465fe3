#!/usr/bin/env bash
# Builds the OpenTelemetry Collector of `manifest.yaml` with the standard builder, from Go modules, and prints the binary's path.
#
# The binary is kept in the user's cache folder under the hash of the manifest, so that another clone on this machine finds
# it, and needs no Go for it. What is downloaded and compiled on the way lies in a temporary folder that is removed.
#
#   XDG_CACHE_HOME    where the binary is kept, in `wirespan/collector` (~/.cache)
#   TMPDIR            where it is built; about 2 GB while that lasts (/tmp)
#   CARGO_BUILD_JOBS  packages that are compiled at once (2)
#
# build.sh          builds it where it is not kept yet, and prints its path
# build.sh --can    says whether that would do: by its exit code, and by the reason on standard error
#
# Exit codes: 69 it is not kept, and Go or the module proxy is not there; another one but 0, the build failed.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly UNAVAILABLE=69 GO_MINOR=26
manifest="$PWD/manifest.yaml"
version="$(sed -nE 's/^  version: ([0-9.]+)$/\1/p' manifest.yaml)"
builder="go.opentelemetry.io/collector/cmd/builder"

say() {
    printf 'collector/build.sh: %s\n' "$1" >&2
}

# hash <file>: as hexadecimal digits; macOS has no `sha256sum`.
hash() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1"
    else
        shasum -a 256 <"$1"
    fi | cut -c 1-16
}

kept="${XDG_CACHE_HOME:-$HOME/.cache}/wirespan/collector/$version-$(uname -sm | tr ' ' '-')-$(hash manifest.yaml)"
binary="$kept/wirespan-otelcol"
readonly manifest version builder kept binary

if [[ -x "$binary" ]]; then
    printf '%s\n' "$binary"
    exit 0
fi

# Go is often unpacked to a place that is not in PATH.
if ! command -v go >/dev/null && [[ -x /usr/local/go/bin/go ]]; then
    PATH="$PATH:/usr/local/go/bin"
fi
if ! command -v go >/dev/null; then
    say "Go is missing: the Collector is built from Go modules; install Go 1.$GO_MINOR or newer (https://go.dev/dl)"
    exit "$UNAVAILABLE"
fi
# No other toolchain is downloaded, and what the user has set for their own builds does not count here.
export GOTOOLCHAIN=local GOWORK=off GOENV=off CGO_ENABLED=0
unset GOFLAGS GOOS GOARCH GOEXPERIMENT
go_version="$(go env GOVERSION)"
if ! [[ "$go_version" =~ ^go1\.([0-9]+) ]] || ((BASH_REMATCH[1] < GO_MINOR)); then
    say "Go is too old: $go_version is installed, the modules need Go 1.$GO_MINOR or newer"
    exit "$UNAVAILABLE"
fi

work="$(mktemp -d "${TMPDIR:-/tmp}/wirespan-collector.XXXXXX")"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tmp"
export GOMODCACHE="$work/mod" GOCACHE="$work/cache" GOBIN="$work/bin" GOTMPDIR="$work/tmp"
# Modules are written so that they can be removed again.
export GOFLAGS="-modcacherw -p=${CARGO_BUILD_JOBS:-2}"
cd "$work"

if ! go list -m -versions "$builder" >"$work/versions.txt" 2>"$work/versions.err"; then
    say "the Go module proxy cannot be reached: $(tail -n 1 "$work/versions.err")"
    exit "$UNAVAILABLE"
fi
if [[ "${1:-}" == --can ]]; then
    exit 0
fi

start=$SECONDS
say "$(go version); the builder, v$version"
go install "$builder@v$version" >&2
say 'the Collector; this takes some minutes, once'
"$work/bin/builder" --config "$manifest" >&2
# Those who look for it find the whole binary or none.
mkdir -p "$kept"
cp build/wirespan-otelcol "$kept/new.$$"
"$kept/new.$$" components >"$kept/components.yaml"
mv "$kept/new.$$" "$binary"
say "built in $((SECONDS - start)) s, $(du -sk "$work" | cut -f 1) KiB on the way: $binary"
printf '%s\n' "$binary"
