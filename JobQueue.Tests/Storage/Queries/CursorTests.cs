using CsCheck;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Queries;

namespace JobQueue.Tests.Storage.Queries;

public sealed class CursorTests
{
    private static readonly Gen<JobId> Ids = Gen.Select(Gen.Long[0, (1L << 48) - 1], Gen.Int[0, 4095], Gen.ULong, JobId.Create);

    [Fact]
    public void Cursor_leads_back_to_its_place() =>
        Gen.Select(Ids, Gen.Long[0, 253_402_300_799_999]).Sample((id, milliseconds) =>
        {
            Assert.True(Cursor.TryDecode(Cursor.Encode(id), out JobId read));
            Assert.Equal(id, read);
            var at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            Assert.True(Cursor.TryDecode(Cursor.Encode(at, id), out var readAt, out read));
            Assert.Equal((at, id), (readAt, read));
        });

    [Fact]
    public void Any_other_text_is_refused_and_never_throws() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char[' ', '~'], 22, 22], Gen.String[Gen.Char[' ', '~'], 32, 32], Gen.String[Gen.Char.AlphaNumeric, 22, 32])
            .Sample(text =>
            {
                if (Cursor.TryDecode(text, out JobId id))
                    Assert.Equal(id.ToByteArray(), Base64(text));
                Cursor.TryDecode(text, out _, out _);
            });

    [Fact]
    public void Cursor_of_one_list_is_none_of_another()
    {
        var id = JobId.Create(1, 2, 3);
        Assert.False(Cursor.TryDecode(Cursor.Encode(id), out _, out _));
        Assert.False(Cursor.TryDecode(Cursor.Encode(DateTimeOffset.UnixEpoch, id), out JobId _));
    }

    private static byte[] Base64(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
