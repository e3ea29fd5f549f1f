using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using JobQueue.Api.OpenApi;
using JobQueue.Handlers;
using JobQueue.Handlers.Payloads;
using JobQueue.Tests.Support.Document;

namespace JobQueue.Tests.Api.OpenApi;

public sealed class PayloadSchemasTests
{
    [Fact]
    public async Task Document_has_a_schema_for_each_known_type()
    {
        var schemas = (await ApiDocument.GetAsync()).Json["components"]!["schemas"]!;

        var sleep = schemas["SleepPayload"]!;
        Assert.Equal("The payload of a job of type `sleep`.", (string?)sleep["description"]);
        Assert.Equal(5, (int)sleep["examples"]![0]!["seconds"]!);
        Assert.Equal(["seconds"], sleep["required"]!.AsArray().Select(name => (string?)name));
        Assert.Equal("How often progress is reported. Default: `10`.", (string?)sleep["properties"]!["steps"]!["description"]);
        Assert.NotNull(schemas["EchoPayload"]);
        Assert.Null(schemas["CrashPayload"]);
    }

    [Fact]
    public void Shapes_inside_have_names_of_their_own_also_those_that_hold_themselves()
    {
        var schemas = new JsonObject { ["TreePlantPayload"] = new JsonObject() };
        PayloadSchemas.Add(schemas, [new Planting()]);

        Assert.Equal(
            ["TreePlantPayload", "TreePlant2Payload", "TreePlantRootPayload", "TreePlantRootChildrenItemPayload", "TreePlantLeafPayload", "TreePlantLeafKind1Payload"],
            schemas.Select(schema => schema.Key));
        Assert.Equal(
            """{"$ref":"#/components/schemas/TreePlantRootPayload","description":"Where it begins."}""", Field("TreePlant2Payload", "root"));
        Assert.Equal(
            """{"type":["array","null"],"items":{"$ref":"#/components/schemas/TreePlantRootChildrenItemPayload"}}""",
            Field("TreePlantRootChildrenItemPayload", "children"));
        Assert.Equal("""{"enum":["oak","ash"]}""", Field("TreePlant2Payload", "kind"));
        Assert.Equal("""{"type":"integer","format":"int32","description":"Default: `3`."}""", Field("TreePlant2Payload", "count"));
        Assert.Equal("object", (string?)schemas["TreePlantLeafKind1Payload"]!["type"]);

        string Field(string schema, string name) => schemas[schema]!["properties"]![name]!.ToJsonString(new() { Encoder = HandlerJson.Options.Encoder });
    }

    private sealed class Planting() : HandlerEntry("tree.plant", "Plants.", PayloadFormat<Tree>.Schema, "{}")
    {
        public override ValueTask<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken) => default;
    }

    internal enum Kind
    {
        Oak,
        Ash,
    }

    internal sealed record Tree([Description("Where it begins.")] Node Root, Kind? Kind = null, int Count = 3, Leaf? Leaf = null);

    internal sealed record Node(string Name, IReadOnlyList<Node>? Children = null);

    [JsonDerivedType(typeof(Green), "green")]
    internal abstract record Leaf;

    internal sealed record Green(int Shade) : Leaf;
}
