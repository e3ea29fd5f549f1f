#!/usr/bin/env bash
# NuGet Coravel 6.0.2 takes "0 9 * * 7" and a range whose end comes before its start ("0 9 * * 5-1") without an error, and neither is ever
# due. Guess: 7 is Sunday, as in crontab, and what cannot be read is refused.
# Seen, days of a week on which it is due: 0: 1, 7: 0, 5-1: 0, 1-5: 5.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
cat >p.csproj <<'P'
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><NoWarn>NU1603;NU1903</NoWarn></PropertyGroup>
<ItemGroup><PackageReference Include="Coravel" Version="[6.0.2]" /></ItemGroup></Project>
P
cat >Program.cs <<'P'
using Coravel.Scheduling.Schedule.Cron;

foreach (var days in new[] { "0", "7", "5-1", "1-5" })
{
    var cron = new CronExpression($"0 9 * * {days}");
    var due = Enumerable.Range(0, 7).Count(day => cron.IsDue(new DateTime(2027, 1, 4, 9, 0, 0).AddDays(day)));
    Console.WriteLine($"{days}: {due}");
}
P
seen=$(dotnet run)
echo "$seen"
[ "$seen" = $'0: 1\n7: 0\n5-1: 0\n1-5: 5' ]
