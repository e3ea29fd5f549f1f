#!/usr/bin/env bash
# NuGet NCrontab 3.4.0 takes a range whose end comes before its start and turns it round, without an error: "22-2" in the hours is 02 to
# 22 (every hour but the three that were meant to be left), FRI-MON is Monday to Friday. Guess: it wraps, as in Cronos, or is refused.
# Seen: "02 .. 22, 21 runs a day" and "Mon Tue Wed Thu Fri".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
cat >p.csproj <<'P'
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
<ItemGroup><PackageReference Include="NCrontab" Version="[3.4.0]" /></ItemGroup></Project>
P
cat >Program.cs <<'P'
using NCrontab;

var monday = new DateTime(2027, 1, 4);
var before = monday.AddSeconds(-1);
var hours = CrontabSchedule.Parse("0 22-2 * * *").GetNextOccurrences(before, monday.AddDays(1)).ToList();
Console.WriteLine($"{hours[0]:HH} .. {hours[^1]:HH}, {hours.Count} runs a day");
Console.WriteLine(string.Join(' ', CrontabSchedule.Parse("0 0 * * FRI-MON").GetNextOccurrences(before, monday.AddDays(7)).Select(day => day.DayOfWeek.ToString()[..3])));
P
seen=$(dotnet run)
echo "$seen"
[ "$seen" = $'02 .. 22, 21 runs a day\nMon Tue Wed Thu Fri' ]
