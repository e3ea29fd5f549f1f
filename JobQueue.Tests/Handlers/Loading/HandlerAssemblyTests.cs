using JobQueue.Handlers;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Handlers.Loading;

/// <summary>What a person is told whose assembly of handlers cannot be used: one line, before anything is served.</summary>
public sealed class HandlerAssemblyTests : IDisposable
{
    private const string Handler =
        """
        using System.ComponentModel.DataAnnotations;
        using JobQueue.Handlers;

        public sealed record Order([Range(1, 9)] int Pieces);

        public sealed class OrderHandler(/*needs*/) : IJobHandler<Order>
        {
            public static string Type => "order";
            public static string Summary => "Orders.";
            public static Order Example => new(1);
            public Task<object?> RunAsync(Order order, JobContext context, CancellationToken cancellationToken) => Task.FromResult<object?>(order);
        }
        """;

    private readonly TemporaryFolder _folder = new();

    private string Dll => _folder.File("Orders.dll");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Type_of_an_assembly_is_there_with_what_it_takes()
    {
        CompiledHandlers.Write(Dll, Handler);

        var orders = Registry(Dll).All.Single(entry => entry.Type == "order");

        Assert.Equal(("Orders.", """{"pieces":1}""", "OrderHandler in Orders"), (orders.Summary, orders.Example, orders.Origin));
        Assert.Equal("payload.pieces must be from 1 to 9.", orders.PayloadError("""{"pieces":10}"""u8.ToArray()));
    }

    [Fact]
    public void File_that_is_not_there()
    {
        Assert.Equal(
            $"Handlers:Assemblies: '{Dll}' cannot be used: there is no file {Dll}. A relative path starts beside the program.", Refusal());
        Assert.Contains(
            $"there is no file {Path.Combine(AppContext.BaseDirectory, "handlers", "Orders.dll")}.",
            Assert.Throws<HandlerRefusedException>(() => Registry("handlers/Orders.dll")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_no_assembly()
    {
        File.WriteAllText(Dll, "orders");
        Assert.Equal($"Handlers:Assemblies: '{Dll}' cannot be used: it is no .NET assembly.", Refusal());
    }

    [Fact]
    public void Assembly_without_a_handler()
    {
        CompiledHandlers.Write(Dll, "public sealed class Orders;");
        Assert.Equal($"Handlers:Assemblies: '{Dll}' cannot be used: no class in it implements IJobHandler of JobQueue.dll.", Refusal());
    }

    [Fact]
    public void Type_that_is_taken()
    {
        CompiledHandlers.Write(Dll, Handler.Replace("\"order\"", "\"echo\"", StringComparison.Ordinal));
        Assert.Equal(
            "Two handlers claim the job type echo: JobQueue.Handlers.BuiltIn.EchoHandler in JobQueue and OrderHandler in Orders. Rename one, or leave it out.",
            Refusal());
    }

    [Fact]
    public void Type_with_a_name_that_no_job_can_have()
    {
        CompiledHandlers.Write(Dll, Handler.Replace("\"order\"", "\"order pieces\"", StringComparison.Ordinal));
        Assert.StartsWith(
            "The handler OrderHandler in Orders cannot be used: its type \"order pieces\" must have 1 to 100 characters", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Handler_that_asks_for_what_nobody_gives()
    {
        CompiledHandlers.Write(Dll, Handler.Replace("/*needs*/", "IComparer<string> comparer", StringComparison.Ordinal));
        Assert.StartsWith("The handler OrderHandler cannot be used: Unable to resolve service for type", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Example_that_would_fail()
    {
        CompiledHandlers.Write(Dll, Handler.Replace("new(1)", "new(10)", StringComparison.Ordinal));
        Assert.Equal("The handler OrderHandler cannot be used: its example would fail: payload.pieces must be from 1 to 9.", Refusal());
    }

    [Fact]
    public void Class_that_would_be_two_types()
    {
        CompiledHandlers.Write(Dll, Handler
            .Replace(": IJobHandler<Order>", ": IJobHandler<Order>, IJobHandler<string>", StringComparison.Ordinal)
            .Replace("Order Example => new(1);", "Order Example => new(1); static string IJobHandler<string>.Example => \"\"; Task<object?> IJobHandler<string>.RunAsync(string order, JobContext context, CancellationToken cancellationToken) => null!;", StringComparison.Ordinal));
        Assert.Equal("The handler OrderHandler takes payloads of 2 kinds. A class is one job type: part it.", Refusal());
    }

    [Theory]
    [InlineData("public interface IJobHandler<T>;", "IJobHandler<Order>")]
    [InlineData("public interface IOtherHandler<T>;", "IOtherHandler<Order>")]
    public void Assembly_built_against_another_jobqueue(string handlers, string implemented)
    {
        CompiledHandlers.WriteAgainst(
            $"namespace JobQueue.Handlers {{ {handlers} }}",
            Dll,
            $"public sealed record Order; public sealed class OrderHandler : JobQueue.Handlers.{implemented};");

        Assert.Matches(
            $@"^Handlers:Assemblies: '.*' cannot be used: it does not fit JobQueue \d+\.\d+\.\d+, or what it needs is not beside it: .*Handler.*\. "
            + @"Build it with the JobQueue\.dll of this program\.$",
            Refusal());
    }

    [Fact]
    public async Task Program_ends_with_the_line_and_1()
    {
        var (exitCode, output, error) = await JobQueueProcess.RunAsync(
            _folder.Path, ["--urls", "http://127.0.0.1:0", $"--Handlers:Assemblies:0={Dll}"]);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal($"Handlers:Assemblies: '{Dll}' cannot be used: there is no file {Dll}. A relative path starts beside the program.{Environment.NewLine}", error);
    }

    private static HandlerRegistry Registry(string assembly) => HandlersUnderTest.Registry(("Handlers:Assemblies:0", assembly));

    private string Refusal()
    {
        var message = Assert.Throws<HandlerRefusedException>(() => Registry(Dll)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
