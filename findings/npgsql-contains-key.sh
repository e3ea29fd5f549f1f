#!/usr/bin/env bash
# NuGet Npgsql 10.0.3: ContainsKey of a connection string builder says yes to every setting that it knows, also where the string says
# nothing of it; ShouldSerialize tells the two apart. Guess: it says what DbConnectionStringBuilder's does: whether the string has it.
# Seen: ContainsKey Timeout True, Host True; ShouldSerialize Timeout False, Host True.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
cat >p.csproj <<'P'
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
<ItemGroup><PackageReference Include="Npgsql" Version="[10.0.3]" /></ItemGroup></Project>
P
cat >Program.cs <<'P'
var settings = new Npgsql.NpgsqlConnectionStringBuilder("Host=db;Username=me");
Console.WriteLine($"ContainsKey Timeout {settings.ContainsKey("Timeout")}, Host {settings.ContainsKey("Host")}");
Console.WriteLine($"ShouldSerialize Timeout {settings.ShouldSerialize("Timeout")}, Host {settings.ShouldSerialize("Host")}");
P
seen=$(dotnet run)
echo "$seen"
[ "$seen" = $'ContainsKey Timeout True, Host True\nShouldSerialize Timeout False, Host True' ]
