#!/usr/bin/env bash
# Writes the ledger of a project's public API anew: eng/public-api.sh DotRec.Indexing
# PublicAPI.Unshipped.txt becomes all that is public and not in PublicAPI.Shipped.txt, which this never changes. Read the difference before it is committed:
# it is what users will notice. What stands in Shipped and is gone is named; take it out of there, or, after a release, add it to Unshipped as "*REMOVED*…".
# A project gets a ledger by <PublicApiLedger>true</PublicApiLedger> in its project file; then this writes its first one.
set -euo pipefail
cd "$(dirname "$0")/../src/${1:?the name of a project in src, such as DotRec.Indexing}"
grep -q "<PublicApiLedger>true<" ./*.csproj || { echo "$1 has no <PublicApiLedger>true</PublicApiLedger> in its project file."; exit 1; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT

[ -f PublicAPI.Shipped.txt ] || echo "#nullable enable" > PublicAPI.Shipped.txt
echo "#nullable enable" > PublicAPI.Unshipped.txt
dotnet build -c Release --no-incremental --nologo -p:TreatWarningsAsErrors=false > "$log" || { grep -E "error" "$log" | sort -u; exit 1; }
sed -nE "s/.*warning RS0016: Symbol '(.*)' is not part of the declared public API.*/\1/p" "$log" | LC_ALL=C sort -u >> PublicAPI.Unshipped.txt
sed -nE "s/.*warning RS0017: Symbol '(.*)' is part of the declared API, but.*/no longer public: \1/p" "$log" | sort -u
echo "$(($(wc -l < PublicAPI.Unshipped.txt) - 1)) symbols in $PWD/PublicAPI.Unshipped.txt"
