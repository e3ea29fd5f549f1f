using System.Text.Json;

namespace JobQueue.Tests.Support.Document;

/// <summary>Holds every event that a test follows against the API's document, as <see cref="DocumentedAnswers"/> does with answers.</summary>
internal static class DocumentedEvents
{
    /// <summary>The same event, which is as documented.</summary>
    public static async Task<StreamedEvent> HoldAsync(StreamedEvent happened)
    {
        var document = await ApiDocument.GetAsync();
        var schema = document.Find(HttpMethod.Get, "/events")!.AnswerOf(200)!["content"]!["text/event-stream"]!["schema"]!;
        if (document.Schemas.ErrorOf(schema, JsonSerializer.SerializeToElement(happened.Data)) is { } error)
            Assert.Fail($"The event {happened.Name} is not as documented: {error}\n{happened.Data.ToJsonString()}");
        Assert.Equal(happened.Name, happened.Data["event"]!.GetValue<string>());
        return happened;
    }
}
