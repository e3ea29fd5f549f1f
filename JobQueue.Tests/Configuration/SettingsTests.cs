using JobQueue.Configuration;
using JobQueue.Handlers.Command;
using JobQueue.Handlers.Http;
using JobQueue.Storage;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobQueue.Tests.Configuration;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Workers:Count", "abc", "a whole number from 0 to 1000")]
    [InlineData("Workers:Count", "1001", "a whole number from 0 to 1000")]
    [InlineData("Workers:Count", "", "a whole number from 0 to 1000")]
    [InlineData("Workers:LeaseSeconds", "4.9", "a number from 5 to 3600")]
    [InlineData("Workers:ShutdownGraceSeconds", "-1", "a number from 0 to 3600")]
    [InlineData("Retries:Factor", "0.99", "a number from 1 to 100")]
    [InlineData("Retries:BaseDelaySeconds", "NaN", "a number from 0 to 86400")]
    [InlineData("Tenants:DefaultMaxConcurrent", "-1", "a whole number from 0 to 1000000, or empty for no limit")]
    [InlineData("Storage:Provider", "Oracle", "Sqlite")]
    [InlineData("Storage:Synchronous", "Off", "Full, Normal")]
    [InlineData("Demo:Enabled", "maybe", "true or false")]
    [InlineData("Metrics:RequireToken", "2", "true or false")]
    [InlineData("Proxy:KnownNetworks:0", "10.0.0.0/33", "a network in CIDR notation")]
    [InlineData("Hosting:PathBase", "queue", "empty, or a path such as /queue")]
    [InlineData("Hosting:PathBase", "/queue/", "empty, or a path such as /queue")]
    [InlineData("Hosting:PathBase", "/a//b", "empty, or a path such as /queue")]
    [InlineData("Hosting:PathBase", "/a/..", "empty, or a path such as /queue")]
    [InlineData("Hosting:PathBase", "/\"><b>", "empty, or a path such as /queue")]
    [InlineData("Api:AllowedOrigins:0", "*", "the origin of a site as browsers send it, such as https://app.example.com")]
    [InlineData("Api:AllowedOrigins:0", "app.example.com", "the origin of a site")]
    [InlineData("Api:AllowedOrigins:0", "https://app.example.com/", "the origin of a site")]
    [InlineData("Api:AllowedOrigins:0", "https://app.example.com:443", "the origin of a site")]
    [InlineData("Api:AllowedOrigins:0", "https://App.example.com", "the origin of a site")]
    [InlineData("Api:AllowedOrigins:0", "https://me@app.example.com", "the origin of a site")]
    [InlineData("Api:AllowedOrigins:0", "ftp://app.example.com", "the origin of a site")]
    [InlineData("Handlers:Http:AllowedPrivateHosts:0", "http://localhost:80", "a host and a port")]
    [InlineData("Handlers:Http:AllowedPrivateHosts:0", "localhost", "a host and a port")]
    [InlineData("Handlers:Command:Commands:convert:Path", "", "the file of a program")]
    [InlineData("Handlers:Command:Commands:convert:Path", "convert", "the file of a program, absolute or relative to this program's folder, where it must be")]
    [InlineData("Logs:Directory", "", "a text that is not empty")]
    [InlineData("ConnectionStrings:JobQueue", "jobs.db", DatabaseFile.Allowed)]
    [InlineData("ConnectionStrings:JobQueue", "Data Source=:memory:", DatabaseFile.Allowed)]
    [InlineData("urls", "http://localhost:0", "addresses such as http://localhost:5080")]
    [InlineData("urls", "5080", "addresses such as http://localhost:5080")]
    public void Nonsense_stops_the_start_with_key_value_and_what_is_allowed(string key, string value, string allowed)
    {
        var problem = Assert.Single(ProblemsOf($"--{key}={value}"));

        Assert.StartsWith($"{key} = '{value}' is not valid. Allowed: {allowed}", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Data Source=jobs.db", "'Data Source=jobs.db'")]
    [InlineData("Host=localhost", "'Host=localhost'")]
    [InlineData("Host=localhost;Database=jobs;Pasword=hush", "'Host=localhost;Database=jobs;Pasword=***'")]
    [InlineData("Database=jobs;Password=\"hu;sh\";Username=jobs", "'Database=jobs;Password=***;Username=jobs'")]
    [InlineData("Host=localhost;Port=many;pwd='hu;''sh';Database=jobs", "'Host=localhost;Port=many;pwd=***;Database=jobs'")]
    [InlineData("postgres://queue:hu:s@h@db/queue", "'postgres://queue:***@db/queue'")]
    public void Connection_string_that_names_no_database_of_its_engine_stops_the_start_without_a_password(string text, string shown)
    {
        var problem = Assert.Single(ProblemsOf("--Storage:Provider=Postgres", $"--ConnectionStrings:JobQueue={text}"));

        Assert.Equal($"ConnectionStrings:JobQueue = {shown} is not valid. Allowed: {ConnectionRules.AllowedOfPostgres}.", problem);
    }

    [Theory]
    [InlineData("Workers:Cuont", "Count")]
    [InlineData("Tenants:MaxConcurrent", "DefaultMaxConcurrent")]
    [InlineData("ConnectionStrings:Jobs", "JobQueue")]
    [InlineData("Handlers:Htpp:AllowedPrivateHosts", "Http, Command")]
    [InlineData("Handlers:Command:Command:convert:Path", "Commands")]
    [InlineData("Workers", "Workers:Count")]
    public void Unknown_key_in_a_section_of_ours_stops_the_start(string key, string allowed)
    {
        var problem = Assert.Single(ProblemsOf($"--{key}=7"));

        Assert.StartsWith($"{key} = '7' is not a setting. Allowed here: ", problem, StringComparison.Ordinal);
        Assert.Contains(allowed, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_together() =>
        Assert.Equal(3, ProblemsOf("--Workers:Count=-1", "--Retries:Nonsense=1", "--Storage:Provider=Oracle").Count);

    [Fact]
    public void A_password_is_never_shown()
    {
        var problem = Assert.Single(ProblemsOf("--Bootstrap:AdminUser=root", "--Bootstrap:AdminPassword=hush"));

        Assert.StartsWith("Bootstrap:AdminPassword = '***'", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_without_a_program_stops_the_start() =>
        Assert.Equal(
            ["Handlers:Command:Commands:convert:Path = '' is not valid: it is missing."],
            ProblemsOf("--Handlers:Command:Commands:convert:Args:0=-v"));

    [Theory]
    [InlineData("{input")]
    [InlineData("{}")]
    [InlineData("a}")]
    public void Argument_with_a_brace_that_means_nothing_stops_the_start(string argument) =>
        Assert.Equal(
            [$"Handlers:Command:Commands:convert:Args:1 = '{argument}' is not valid. Allowed: a text in which {{name}} is the place of a value (letters, digits, '.', '_' and '-'), and braces of the text itself are doubled."],
            ProblemsOf(
                "--Handlers:Command:Commands:convert:Path=/bin/true", "--Handlers:Command:Commands:convert:Args:0={{x}}", $"--Handlers:Command:Commands:convert:Args:1={argument}"));

    [Fact]
    public async Task Command_may_lie_beside_the_program()
    {
        var file = typeof(SettingsTests).Assembly.Location;
        await using var app = QueueApp.Build([$"--Handlers:Command:Commands:convert:Path={Path.GetFileName(file)}"]);

        Assert.Equal(file, Options<CommandHandlerOptions>(app).Commands["convert"].AbsolutePath);
    }

    [Fact]
    public async Task Lists_and_named_commands_are_bound()
    {
        await using var app = QueueApp.Build(
        [
            "--Handlers:Http:AllowedPrivateHosts:0=localhost:8080", "--Handlers:Http:AllowedPrivateHosts:1=[::1]:80",
            "--Handlers:Command:Commands:convert:Path=/usr/bin/convert", "--Handlers:Command:Commands:convert:Args:0={input}",
        ]);

        Assert.Equal(["localhost:8080", "[::1]:80"], Options<HttpHandlerOptions>(app).AllowedPrivateHosts);
        var command = Assert.Single(Options<CommandHandlerOptions>(app).Commands);
        Assert.Equal(("convert", "/usr/bin/convert", "{input}"), (command.Key, command.Value.Path, Assert.Single(command.Value.Args)));
    }

    [Fact]
    public async Task Sections_of_the_framework_are_left_alone()
    {
        await using var app = QueueApp.Build(["--Logging:LogLevel:Some.Thing=Warning", "--Whatever:Key=1"]);

        Assert.Equal("1", app.Configuration["Whatever:Key"]);
    }

    [Fact]
    public async Task Empty_means_no_limit()
    {
        await using var app = QueueApp.Build(["--Tenants:DefaultMaxConcurrent=", "--Tenants:DefaultMaxNewPerMinute="]);

        var limits = Options<TenantsOptions>(app).ToLimits();

        Assert.Equal(TenantLimits.None, limits);
    }

    [Fact]
    public async Task The_file_documents_every_key_with_the_default_that_the_program_has()
    {
        await using var app = QueueApp.Build([]);
        var settings = app.Configuration;

        foreach (var section in ConfigurationSetup.Sections)
        {
            var defaults = Activator.CreateInstance(section.Type)!;
            foreach (var property in section.Type.GetProperties())
            {
                var key = $"{section.Path}:{property.Name}";
                Assert.True(((IConfiguration)settings).AsEnumerable().Any(pair => pair.Key.StartsWith(key, StringComparison.Ordinal)), $"{key} is not in the file");
                if (property.PropertyType.IsValueType || property.PropertyType == typeof(string))
                    Assert.Equal(Convert.ToString(property.GetValue(defaults), System.Globalization.CultureInfo.InvariantCulture) ?? "", settings[key], ignoreCase: true);
            }
        }
    }

    private static T Options<T>(WebApplication app)
        where T : class =>
        app.Services.GetRequiredService<IOptions<T>>().Value;

    private static IReadOnlyList<string> ProblemsOf(params string[] settings) =>
        Assert.Throws<InvalidConfigurationException>(() => QueueApp.Build(settings)).Problems;
}
