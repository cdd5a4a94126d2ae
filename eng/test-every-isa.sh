#!/usr/bin/env bash
# Runs the kernel and conformance tests once for each width of vectors that this x64 processor has. Each lane first proves that it is one.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release tests/DotRec.Kernels.Tests --nologo -v quiet
dotnet build -c Release tests/DotRec.Conformance.Tests --nologo -v quiet
failed=0

lane() { # name, then the runtime settings that make the lane
    name=$1
    shift
    echo "== $name $*"
    conformance=artifacts/bin/DotRec.Conformance.Tests/release/DotRec.Conformance.Tests
    env "$@" DOTREC_LANE="$name" "$conformance" -class DotRec.Conformance.Tests.LaneTests -failSkips -noLogo -noColor || { failed=1; return; }
    # The kernels' laws only: indexes and models are no different in another lane.
    # Skips are lanes wider than this one; only their number is shown.
    env "$@" DOTREC_LANE="$name" "$conformance" -trait Subject=Kernels -noLogo -noColor | grep -vE "\[SKIP\]|cannot run" || failed=1
    env "$@" DOTREC_LANE="$name" artifacts/bin/DotRec.Kernels.Tests/release/DotRec.Kernels.Tests -noLogo -noColor || failed=1
}

grep -q avx512bw /proc/cpuinfo && lane Avx512 DOTNET_EnableAVX512=1
grep -q avx2 /proc/cpuinfo && lane Avx2 DOTNET_EnableAVX512=0
lane Vector128 DOTNET_EnableAVX2=0
lane Scalar DOTNET_EnableHWIntrinsic=0
exit $failed
