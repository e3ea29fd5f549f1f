using System.Net;
using JobQueue.Access;
using JobQueue.Access.Sessions;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Api.Problems;

public sealed class ProblemsTests
{
    [Theory]
    [InlineData("/nothing")]
    [InlineData("/jobs/a/b/c")]
    [InlineData("/index.php")]
    [InlineData("/dashboards")]
    public async Task Unknown_api_path_is_a_problem_and_never_html(string path)
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();

        var answer = await client.CallAsync(HttpMethod.Get, path, null, ("Accept", "text/html"));

        answer.Is(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Wrong_method_is_405_and_names_the_right_ones()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        var answer = await client.DeleteApiAsync("/jobs");

        answer.Is(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Contains("GET", (string?)answer.Json["detail"], StringComparison.Ordinal);
        Assert.Contains("POST", (string?)answer.Json["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_valid_token_every_call_is_401()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();

        var none = await client.PostApiAsync("/jobs", """{"payload":1}""");
        none.Is(HttpStatusCode.Unauthorized, "token-missing");
        Assert.Equal("Bearer realm=\"jobqueue\"", none.Header("WWW-Authenticate"));
        foreach (var header in (string[])["Bearer jq_wrong", "Bearer ", "Bearer", "Basic YTpi", $"Bearer jq_{new string('x', 4_000)}"])
        {
            var wrong = await client.CallAsync(HttpMethod.Get, "/jobs", null, ("Authorization", header));
            wrong.Is(HttpStatusCode.Unauthorized, "token-invalid");
            Assert.Contains("invalid_token", wrong.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }

        (await client.GetApiAsync($"/jobs?access_token={await app.TokenAsync("acme", Scopes.JobsRead)}")).Is(HttpStatusCode.Unauthorized, "token-missing");
    }

    [Fact]
    public async Task Missing_scope_is_named()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.JobsRead);

        foreach (var (method, path, scope) in new[]
        {
            (HttpMethod.Post, "/jobs", Scopes.JobsSubmit), (HttpMethod.Post, "/dlq/requeue", Scopes.JobsManage),
            (HttpMethod.Get, "/tokens", Scopes.JobsManage), (HttpMethod.Get, "/tenants", Scopes.Admin), (HttpMethod.Get, "/audit", Scopes.Admin),
            (HttpMethod.Get, "/metrics", Scopes.MetricsRead),
        })
        {
            var answer = await client.CallAsync(method, path);
            answer.Is(HttpStatusCode.Forbidden, "scope-missing");
            Assert.Contains(scope, (string?)answer.Json["detail"], StringComparison.Ordinal);
            Assert.Contains($"scope=\"{scope}\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Admin_includes_every_scope()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        await client.SubmitAsync();
        foreach (var path in (string[])["/jobs", "/dlq", "/tokens", "/tenants", "/audit", "/metrics", "/stats"])
            (await client.GetApiAsync(path)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_call_but_the_open_ones_asks_for_a_scope()
    {
        await using var app = await QueueApp.StartAsync();

        var open = app.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => !PagePaths.Contains(new PathString("/" + endpoint.RoutePattern.RawText!.TrimStart('/').Split('{')[0].TrimEnd('/')))
                && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is not ["GET", "HEAD"]
                && !Bearer.ScopesOf(endpoint).Any())
            .ToList();

        Assert.All(open, endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<IAllowAnonymous>()));
        Assert.Equal(
            ["/docs", "/health/live", "/health/ready", "/openapi/v1.json"],
            open.Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
                .Select(path => path.StartsWith("/docs/", StringComparison.Ordinal) ? "/docs" : path)
                .Distinct()
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nearly_full_disk_is_507_and_reads_go_on()
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Settings = new Dictionary<string, string> { ["Storage:MinFreeMegabytes"] = "1048576" },
        });
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        (await client.PostApiAsync("/jobs", """{"payload":1}""")).Is(HttpStatusCode.InsufficientStorage, "disk-full");
        (await client.PostApiAsync("/jobs", "no json")).Is(HttpStatusCode.InsufficientStorage, "disk-full");
        (await client.GetApiAsync("/jobs")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Submission_while_too_many_writes_wait_is_503_whatever_it_is_and_says_when_to_come_again()
    {
        await using var app = await QueueApp.StartAsync();
        var cancellation = TestContext.Current.CancellationToken;
        var acme = await app.Services.GetRequiredService<TenantStore>().EnsureAsync("acme", TenantLimits.None, cancellation);
        using var client = await app.ClientAsync("acme", Scopes.Admin);
        var store = app.Services.GetRequiredService<IJobStore>();
        var batch = Enumerable.Range(0, 1000).Select(_ => Some.Submission(acme)).ToList();
        List<Task<BatchSubmitResult>> waiting;
        await using (await WriterHold.StartAsync(app.Services))
        {
            waiting = Enumerable.Range(0, 10).Select(_ => store.SubmitManyAsync(batch, cancellation)).ToList();
            foreach (var (path, body) in new[] { ("/jobs", """{"payload":1}"""), ("/jobs", "no json"), ("/jobs/batch", """{"jobs":[{"payload":1}]}""") })
            {
                var refused = await client.PostApiAsync(path, body);
                refused.Is(HttpStatusCode.ServiceUnavailable, "overloaded");
                Assert.Equal("1", refused.Header("Retry-After"));
            }
        }

        await Task.WhenAll(waiting);
        (await client.PostApiAsync("/jobs", """{"payload":1}""")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Fault_of_the_server_is_500_without_its_stack()
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Services = services => services.AddSingleton<JobQueries>(_ => throw new InvalidOperationException("secret detail")),
        });
        using var client = await app.ClientAsync("acme", Scopes.JobsRead);

        var answer = await client.GetApiAsync("/jobs");

        answer.Is(HttpStatusCode.InternalServerError, "internal-error");
        Assert.DoesNotContain("secret detail", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
    }
}
