#!/usr/bin/env bash
# NuGet Cronos 0.13.0 on Linux, Europe/Dublin, where summer time is the standard time and winter a negative daylight saving: in the hour
# that clocks skip, GetNextOccurrence(from) answers the moment `from` itself, so a loop over next occurrences never gets on. London,
# whose clocks show the same time, has its run at the gap's end, 01:00 UTC. (IsInvalidTime says false for Dublin's gap, true for London's.)
# Guess: the same moments in both, and always later than `from`.
# Seen: "Europe/Dublin 28 00:30Z, later: False, invalid: False" and "Europe/London 28 01:00Z, later: True, invalid: True".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
cat >p.csproj <<'P'
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
<ItemGroup><PackageReference Include="Cronos" Version="[0.13.0]" /></ItemGroup></Project>
P
cat >Program.cs <<'P'
using Cronos;

var from = new DateTimeOffset(2027, 3, 28, 0, 30, 0, TimeSpan.Zero);
foreach (var id in new[] { "Europe/Dublin", "Europe/London" })
{
    var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
    var next = CronExpression.Parse("30 1 * * *").GetNextOccurrence(from, zone)!.Value;
    Console.WriteLine($"{id} {next.ToUniversalTime():dd HH:mm}Z, later: {next > from}, invalid: {zone.IsInvalidTime(new DateTime(2027, 3, 28, 1, 30, 0))}");
}
P
seen=$(dotnet run)
echo "$seen"
[ "$seen" = $'Europe/Dublin 28 00:30Z, later: False, invalid: False\nEurope/London 28 01:00Z, later: True, invalid: True' ]
