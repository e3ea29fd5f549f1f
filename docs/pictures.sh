#!/usr/bin/env bash
# Takes the README's pictures of a fresh demo anew. Needs Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
JOBQUEUE_PICTURES="$PWD/docs" JOBQUEUE_REQUIRE_ALL=1 dotnet test --filter FullyQualifiedName~PicturesTests
