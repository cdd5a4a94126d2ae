#!/usr/bin/env bash
# Runs the kernel tests, the kernels' laws and the index laws as Arm64 code on an x64 machine, under emulation. By hand: it takes
# an hour or more. Needs Debian's packages qemu-user-static and dpkg; the Arm64 libraries that .NET loads are downloaded from Debian too.
# Arguments, if any, go to the conformance tests instead of the choice below: eng/test-arm64.sh -class DotRec.Conformance.Tests.PackedLookupAdvSimdLaws
set -euo pipefail
cd "$(dirname "$0")/.."
command -v qemu-aarch64-static > /dev/null || { echo "qemu-aarch64-static is missing; install the package qemu-user-static." >&2; exit 1; }
work=$PWD/artifacts/arm64
system=$work/system

# The libraries, by lists of packages of their own: this machine's are left as they are.
if [ ! -e "$system/lib/ld-linux-aarch64.so.1" ]; then
    mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$work/packages" "$system"
    touch "$work/apt/status"
    settings=(-o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$work/apt" -o Dir::State::lists="$work/apt/lists"
        -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt" -o APT::Sandbox::User=root)
    apt-get "${settings[@]}" -qq update
    (cd "$work/packages" && apt-get "${settings[@]}" -qq download libc6 libgcc-s1 libstdc++6 zlib1g libssl3)
    for package in "$work"/packages/*.deb; do dpkg -x "$package" "$system"; done
fi

for project in DotRec.Kernels.Tests DotRec.Conformance.Tests; do
    dotnet publish -c Release -r linux-arm64 --self-contained --artifacts-path "$work/build" "tests/$project" --nologo -v quiet
done

# Settings without which .NET does not live long under the emulator: memory that is written and run through one address, no collector thread of
# its own; and a processor without SVE.
emulated() { # test project, then its arguments
    project=$1
    shift
    echo "== $project $*"
    DOTNET_EnableWriteXorExecute=0 DOTNET_gcConcurrent=0 DOTREC_LANE=Arm64 \
        qemu-aarch64-static -cpu neoverse-n1 -L "$system" "$work/build/publish/$project/release_linux-arm64/$project" \
        -parallelMode none -noLogo -noColor "$@" > "$work/log" 2>&1 || failed=1
    # Skips are variants for x64; only their number is shown.
    grep -vE "\[SKIP\]|cannot run" "$work/log" || true
}

failed=0
laws=DotRec.Conformance.Tests
if [ $# -gt 0 ]; then
    emulated $laws "$@"
    exit $failed
fi

emulated $laws -class $laws.LaneTests
emulated DotRec.Kernels.Tests -class- DotRec.Kernels.Tests.EnvironmentVariableTests

# The test that starts a process to look for strays cannot start an Arm64 one; what that process does is run here by itself.
emulated $laws -class "$laws.Guarded*" -explicit only
emulated $laws -trait Subject=Kernels -class- $laws.StaysInsideTests
emulated $laws -class "$laws.BruteForce*" -class "$laws.ExhaustiveScann*" -class "$laws.Streaming*" -class $laws.RoundedRescoringTests
exit $failed
