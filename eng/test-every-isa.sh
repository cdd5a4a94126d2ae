#!/usr/bin/env bash
# Runs the tests of all code that changes with the width of vectors once for each width that this x64 processor has: AVX-512, AVX2, 128 bits (as on
# processors without AVX2) and no vectors at all. Each lane first proves that it is one. The last line is "N passed, N failed, N skipped".
#
#   eng/test-every-isa.sh              every lane, built first
#   eng/test-every-isa.sh --narrower   without building, and without the widest lane: what .ci/run does after the ordinary run, which is that lane
#
# DOTREC_REQUIRE_ISA=Avx512 (or Avx2) makes it an error that the processor lacks that lane; otherwise a lane that is not there is left out with a word.
set -uo pipefail
cd "$(dirname "$0")/.."

narrower=false
[ "${1:-}" != --narrower ] || narrower=true
$narrower || dotnet build -c Release --nologo -v quiet || exit 1

passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

run() { # test program, then its arguments; the lane stands in the environment
    program=$1
    shift
    status=0
    "artifacts/bin/$program/release/$program" -noLogo -noColor "$@" > "$log" 2>&1 || status=$?
    # Skips are variants wider than the lane; only their number is shown.
    grep -vE "\[SKIP\]|cannot run|Discover|Starting:|Finished:|^=== " "$log" || true
    read -r total errors failures skips left < <(
        sed -nE 's/^ *DotRec.* Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/p' "$log" | tail -n 1)
    if [ -z "${total:-}" ] || { [ "$status" != 0 ] && [ $((errors + failures)) = 0 ]; }; then
        echo "$program ended with $status."
        total=1 errors=0 failures=1 skips=0 left=0
    fi
    passed=$((passed + total - errors - failures - skips - left)) failed=$((failed + errors + failures)) skipped=$((skipped + skips))
    total=
}

lane() { # name, then the runtime setting that makes the lane
    echo "== $1 $2"
    export DOTREC_LANE=$1 "${2?}"
    before=$failed
    run DotRec.Conformance.Tests -class DotRec.Conformance.Tests.LaneTests -failSkips
    if [ "$failed" = "$before" ]; then
        run DotRec.Kernels.Tests
        # The laws of kernels; those of indexes as well, but not without vectors, where they take minutes.
        if [ "$1" = Scalar ]; then
            run DotRec.Conformance.Tests -trait Subject=Kernels
        else
            run DotRec.Conformance.Tests -class- '*.PackagesTests' -class- '*.ProjectEdgesTests' -class- '*.DocumentationTests' -class- '*.LaneTests' -class- '*.SamplesTests' -class- '*.ServeFilmsTests'
        fi
        # Left out: what searches or changes an index at length; the other tests meet the same vector code.
        long=(-class- '*.RestrictedSearchLaws' -class- '*.RestrictedRecallTests' -class- '*.ProjectedIndexTests' -class- '*.NumberLimitsTests'
            -class- '*.TombstonesTests')
        [ "$1" != Scalar ] || long+=(-class- '*.Live*' -class- '*.WarmStartTests' -class- '*.ScannBuilderTests' -class- '*.ScannCalibrationTests'
            -class- '*.RankStudyTests' -class- '*.ProjectionTests')
        run DotRec.Indexing.Tests "${long[@]}"
        for project in DotRec.Data DotRec.Features DotRec.Autodiff; do
            run "$project.Tests"
        done
        # Optimizers, losses and ranks have vector code of their own; whole trainings take minutes without vectors.
        some=()
        [ "$1" != Scalar ] || some=(-class '*.OptimizerTests' -class '*.ListLossTests' -class '*.ItemRanksTests' -class '*.FactorizedTopKTests'
            -class '*.QueryMetricsTests')
        run DotRec.Modeling.Tests "${some[@]}"
    fi
    unset "${2%%=*}" DOTREC_LANE
}

has() { grep -qw "$1" /proc/cpuinfo; }

widest=Vector128
! has avx2 || widest=Avx2
! has avx512bw || widest=Avx512

required=${DOTREC_REQUIRE_ISA:-}
case "$widest,${required,,}" in
    *, | *,portable | Avx512,avx512 | Avx512,avx2 | Avx2,avx2) ;;
    *) echo "DOTREC_REQUIRE_ISA is '$required', which this processor ($widest) does not have; expected Portable, Avx2 or Avx512."; failed=$((failed + 1)) ;;
esac

for one in "Avx512 DOTNET_EnableAVX512=1" "Avx2 DOTNET_EnableAVX512=0" "Vector128 DOTNET_EnableAVX2=0" "Scalar DOTNET_EnableHWIntrinsic=0"; do
    read -r name setting <<< "$one"
    if [ "$name" = Avx512 ] && [ "$widest" != Avx512 ] || { [ "$name" = Avx2 ] && [ "$widest" = Vector128 ]; }; then
        echo "== $name: not on this processor, left out"
    elif ! $narrower || [ "$name" != "$widest" ]; then
        lane "$name" "$setting"
    fi
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
