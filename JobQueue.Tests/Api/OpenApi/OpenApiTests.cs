using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using JobQueue.Access;
using JobQueue.Access.Users;
using JobQueue.Api.Problems;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Document;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Api.OpenApi;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_call_is_described_with_schemas_errors_and_examples()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();
        var document = (await client.GetApiAsync("/openapi/v1.json")).Is(HttpStatusCode.OK).Json;

        var described = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(call => (Name: $"{call.Key.ToUpperInvariant()} {path.Key}", Call: call.Value!)))
            .ToDictionary(call => call.Name, call => call.Call);
        var mapped = app.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>().Where(endpoint => Bearer.ScopesOf(endpoint).Any())
            .Select(endpoint => $"{endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single()} {endpoint.RoutePattern.RawText}");

        Assert.All(mapped, name => Assert.True(described.ContainsKey(name), $"{name} is not described"));
        foreach (var (name, call) in described.Where(pair => pair.Value["security"]!.AsArray().Count > 0))
        {
            Assert.True(call["summary"] is not null && call["tags"] is not null, name);
            Assert.True(call["description"]!.GetValue<string>().Contains("Scope: ", StringComparison.Ordinal), name);
            foreach (var status in (string[])["401", "403", "500", "503"])
                Assert.True(call["responses"]![status] is not null, $"{name} {status}");
            foreach (var (status, answer) in call["responses"]!.AsObject())
            {
                Assert.False(string.IsNullOrEmpty(answer!["description"]?.GetValue<string>()), $"{name} {status}");
                AssertContent(answer["content"], int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) >= 400, $"{name} {status}");
            }

            if (call["requestBody"] is { } body)
                AssertContent(body["content"], false, $"{name} body");
            foreach (var parameter in call["parameters"]?.AsArray() ?? [])
                Assert.False(string.IsNullOrEmpty(parameter!["description"]?.GetValue<string>()), $"{name} {parameter["name"]}");
        }

        foreach (var name in (string[])["GET /health/live", "GET /health/ready"])
            AssertContent(described[name]["responses"]!["200"]!["content"], false, name);
        var names = described.Values.Select(call => (string?)call["operationId"]).OfType<string>().ToList();
        Assert.Equal(names.Distinct(), names);
        foreach (var reference in References(document))
            Assert.True(Resolve(document, reference) is not null, reference);
    }

    [Fact]
    public async Task Generators_find_each_shape_once_and_no_null_among_words()
    {
        var document = (await ApiDocument.GetAsync()).Json;
        var schemas = document["components"]!["schemas"]!.AsObject();

        Assert.DoesNotContain("RawJson", schemas.Select(schema => schema.Key));
        Assert.All(
            All(document).Where(node => node["enum"] is JsonArray), node => Assert.DoesNotContain(node["enum"]!.AsArray(), word => word is null));
        foreach (var (name, schema) in schemas)
        {
            Assert.All(
                All(schema).Where(node => node != schema && node["properties"] is not null),
                node => Assert.Fail($"{name} holds an object without a name: {node.ToJsonString()}"));
            Assert.All(All(schema).Where(node => node.ContainsKey("default")), node => Assert.Fail($"{name} has a default: {node.ToJsonString()}"));
            Assert.True(
                name.EndsWith("Request", StringComparison.Ordinal) == schema!["additionalProperties"] is not null
                || name.EndsWith("Payload", StringComparison.Ordinal),
                name);
        }

        Assert.Equal(28, schemas["JobResponse"]!["required"]!.AsArray().Count);
        Assert.Equal(["payload"], schemas["SubmitRequest"]!["required"]!.AsArray().Select(field => (string?)field));
        Assert.Equal(Roles.All, schemas["Role"]!["enum"]!.AsArray().Select(word => (string?)word));
        Assert.Equal(Scopes.All, schemas["Scope"]!["anyOf"]!.AsArray().Select(word => (string?)word!["const"]));
        Assert.Equal(ProblemKind.All.Select(kind => kind.Code), schemas["ProblemCode"]!["anyOf"]!.AsArray().Select(word => (string?)word!["const"]));
        Assert.Matches(@"^\d+\.\d+\.\d+$", (string?)document["info"]!["version"]);
    }

    [Fact]
    public async Task Stream_tells_the_names_of_its_events_and_its_reset_apart()
    {
        var document = await ApiDocument.GetAsync();
        var content = document.Json["paths"]!["/events"]!["get"]!["responses"]!["200"]!["content"]!["text/event-stream"]!;
        var happened = content["example"]!.AsObject();
        var reset = new JsonObject { ["event"] = "reset", ["time"] = happened["time"]!.DeepClone() };
        var unknown = happened.DeepClone();
        unknown["event"] = "queue_paused";

        string? Error(JsonNode data) => document.Schemas.ErrorOf(content["schema"]!, JsonSerializer.SerializeToElement(data));

        Assert.Null(Error(happened));
        Assert.Null(Error(reset));
        Assert.NotNull(Error(unknown));
        Assert.NotNull(Error(new JsonObject { ["event"] = "done", ["time"] = happened["time"]!.DeepClone() }));
    }

    [Fact]
    public async Task Descriptions_are_for_who_calls_and_do_not_speak_of_the_code()
    {
        var document = (await ApiDocument.GetAsync()).Json;
        var types = typeof(Program).Assembly.GetTypes().Select(type => type.Name).Where(name => name.Skip(1).Any(char.IsUpper)).ToHashSet();

        Assert.All(
            All(document).SelectMany(node => new[] { node["description"], node["summary"] }).OfType<JsonValue>().Select(text => text.GetValue<string>()),
            text => Assert.DoesNotContain(text.Split(' ', '.', ',', ':', ';', '`', '(', ')', '"', '=', '\n'), word => types.Contains(word)));
    }

    [Fact]
    public async Task Times_ids_and_words_have_schemas_of_their_own()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();
        var document = (await client.GetApiAsync("/openapi/v1.json")).Json;

        var job = document["components"]!["schemas"]!["JobResponse"]!["properties"]!;

        Assert.Equal("uuid", (string?)Follow(document, job["id"]!)["format"]);
        Assert.Equal("date-time", (string?)Follow(document, job["created_at"]!)["format"]);
        Assert.Equal(["pending", "running", "done", "failed"], Follow(document, job["status"]!)["enum"]!.AsArray().Select(word => (string?)word));
        Assert.Equal("integer", (string?)Follow(document, job["priority"]!)["type"]);
        Assert.Equal("http", (string?)document["components"]!["securitySchemes"]!["Bearer"]!["type"]);
    }

    private static void AssertContent(JsonNode? content, bool isProblem, string where)
    {
        if (content is null)
        {
            Assert.True(where.Contains(" 204", StringComparison.Ordinal), $"{where} has no content");
            return;
        }

        var (type, body) = Assert.Single(content.AsObject());
        Assert.Contains(type, isProblem ? ["application/problem+json"] : (string[])["application/json", "text/event-stream", "text/plain"]);
        Assert.True(body!["schema"] is not null, $"{where} has no schema");
        Assert.True((body["example"] ?? body["examples"]) is not null, $"{where} has no example");
    }

    private static JsonNode Follow(JsonNode document, JsonNode schema)
    {
        while (true)
        {
            if (schema["$ref"] is { } reference)
                schema = Resolve(document, (string)reference!)!;
            else if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
                schema = choices.First(choice => (string?)choice!["type"] != "null")!;
            else
                return schema;
        }
    }

    private static JsonNode? Resolve(JsonNode document, string reference) =>
        reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate((JsonNode?)document, (node, name) => node?[name]);

    private static IEnumerable<JsonObject> All(JsonNode? node) => node switch
    {
        JsonObject fields => fields.Where(field => field.Key is not ("example" or "examples")).SelectMany(field => All(field.Value)).Prepend(fields),
        JsonArray items => items.SelectMany(All),
        _ => [],
    };

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field is { Key: "$ref", Value: JsonValue value }
            ? [value.GetValue<string>()]
            : References(field.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
