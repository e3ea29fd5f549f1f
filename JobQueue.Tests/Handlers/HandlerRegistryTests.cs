using System.Text.Json;
using JobQueue.Handlers;
using JobQueue.Handlers.BuiltIn;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Handlers;

public sealed class HandlerRegistryTests
{
    [Fact]
    public void New_type_is_one_class()
    {
        var registry = Build(services => services.AddJobHandler<SteeredHandler>());
        Assert.True(registry.TryGet("steered", out var entry));
        Assert.Equal("Does what a test says.", entry.Summary);
        Assert.False(registry.TryGet("unknown", out _));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public void Crash_exists_in_the_demo_alone(string? demo, bool exists) =>
        Assert.Equal(exists, Build(demo: demo).TryGet("crash", out _));

    [Fact]
    public void Two_handlers_of_one_type_stop_the_start() =>
        Assert.Throws<HandlerRefusedException>(() => Build(services => services.AddJobHandler<EchoHandler>()));

    [Fact]
    public void Every_type_has_a_schema_and_an_example_in_json()
    {
        Assert.All(Build(demo: "true").All, entry =>
        {
            Assert.NotEmpty(entry.Summary);
            using var schema = JsonDocument.Parse(entry.PayloadSchema);
            using var example = JsonDocument.Parse(entry.Example);
        });
    }

    private static HandlerRegistry Build(Action<IServiceCollection>? add = null, string? demo = null) =>
        HandlersUnderTest.Registry(add ?? (_ => { }), ("Demo:Enabled", demo));
}
