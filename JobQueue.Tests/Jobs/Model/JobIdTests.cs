using CsCheck;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Jobs.Model;

public sealed class JobIdTests
{
    private static readonly Gen<JobId> Ids = Gen.Select(Gen.Long[0, (1L << 48) - 1], Gen.Int[0, 4095], Gen.ULong, JobId.Create);

    [Fact]
    public void Id_is_a_uuid_of_version_7() =>
        Gen.Select(Gen.Long[0, (1L << 48) - 1], Gen.Int[0, 4095], Gen.ULong).Sample((milliseconds, counter, random) =>
        {
            var id = JobId.Create(milliseconds, counter, random);
            Assert.Equal((7, milliseconds), (id.Value.Version, id.UnixMilliseconds));
            Assert.InRange(id.Value.Variant, 8, 11);
            Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id.ToString());
        });

    [Fact]
    public void Time_and_counter_decide_the_order() =>
        Gen.Select(Gen.Long[0, 1L << 47], Gen.Int[0, 4094], Gen.ULong, Gen.ULong, Gen.Bool).Sample((milliseconds, counter, a, b, later) =>
        {
            var first = JobId.Create(milliseconds, counter, a);
            var second = later ? JobId.Create(milliseconds + 1, 0, b) : JobId.Create(milliseconds, counter + 1, b);
            Assert.True(first < second && second > first && first <= second && second >= first);
        });

    [Fact]
    public void Ids_bytes_and_texts_sort_alike() =>
        Gen.Select(Ids, Ids).Sample((a, b) =>
        {
            var order = Math.Sign(a.CompareTo(b));
            Assert.Equal(order, Math.Sign(a.ToByteArray().AsSpan().SequenceCompareTo(b.ToByteArray())));
            Assert.Equal(order, Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString())));
        });

    [Fact]
    public void Text_and_bytes_lead_back_to_the_id() =>
        Ids.Sample(id =>
        {
            Assert.True(JobId.TryParse(id.ToString(), out var parsed));
            Assert.Equal(id, parsed);
            Assert.Equal(id, JobId.Read(id.ToByteArray()));
            Assert.Equal($"{id}", id.ToString());
        });

    [Fact]
    public void First_id_of_a_millisecond_is_a_bound_for_all_of_it() =>
        Ids.Sample(id =>
        {
            Assert.True(JobId.FirstOf(id.UnixMilliseconds) <= id);
            Assert.True(JobId.FirstOf(id.UnixMilliseconds + 1) > id);
        });

    [Theory]
    [InlineData("")]
    [InlineData("0190")]
    [InlineData("{01900000-0000-7000-8000-000000000000}")]
    [InlineData("01900000000070008000000000000000")]
    [InlineData("01900000-0000-7000-8000-00000000000g")]
    [InlineData("01900000-0000-7000-8000-0000000000000")]
    [InlineData(" 01900000-0000-7000-8000-00000000000")]
    [InlineData("+1900000-0000-7000-8000-000000000000")]
    [InlineData("0x900000-0000-7000-8000-000000000000")]
    public void Other_texts_are_no_ids(string text) => Assert.False(JobId.TryParse(text, out _));
}
