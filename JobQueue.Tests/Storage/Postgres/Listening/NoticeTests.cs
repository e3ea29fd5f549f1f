using CsCheck;
using JobQueue.Storage.Postgres.Listening;

namespace JobQueue.Tests.Storage.Postgres.Listening;

public sealed class NoticeTests
{
    private static readonly Gen<Notice> Notices = Gen.Select(
        Gen.Int.Array[0, 20], Gen.Int.Array[0, 20], Gen.Bool, Gen.Bool, Gen.Long.Nullable(),
        (lines, tenants, configuration, events, due) => new Notice(lines.ToHashSet(), tenants.ToHashSet(), configuration, events, due));

    [Fact]
    public void Notice_is_heard_as_it_was_said() =>
        Notices.Sample(said =>
        {
            var (sender, heard) = Notice.Read(said.ToText("host:1-abc"));

            Assert.Equal("host:1-abc", sender);
            Assert.Equal(said.Lines.Order(), heard!.Lines.Order());
            Assert.Equal(said.Tenants.Order(), heard.Tenants.Order());
            Assert.Equal((said.Configuration, said.Events, said.DueAt), (heard.Configuration, heard.Events, heard.DueAt));
        });

    [Fact]
    public void What_does_not_fit_into_a_notification_says_that_everything_is_to_be_looked_at()
    {
        var said = Notice.OfConfiguration with { Lines = Enumerable.Range(100_000, 2_000).ToHashSet() };

        var text = said.ToText("host:1-abc");

        Assert.InRange(text.Length, 1, 7_900);
        Assert.Equal(("host:1-abc", null), Notice.Read(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("host:1-abc e z1,2")]
    [InlineData("host:1-abc l1,two")]
    [InlineData("host:1-abc t99999999999")]
    [InlineData("host:1-abc  ")]
    public void What_is_not_understood_says_so_too(string text)
    {
        var (_, notice) = Notice.Read(text);

        Assert.True(notice is null || notice.IsEmpty);
        Assert.Equal(text.Length > 0, notice is null);
    }
}
