using CsCheck;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Jobs.Leases;

public sealed class LeaseTokenTests
{
    private static readonly Gen<LeaseToken> Tokens =
        Gen.Select(Gen.Long[0, (1L << 48) - 1], Gen.ULong, Gen.Long[0, long.MaxValue], (time, random, secret) => new LeaseToken(JobId.Create(time, 0, random), secret));

    [Fact]
    public void Text_leads_back_to_the_token() =>
        Tokens.Sample(token =>
        {
            var text = token.ToString();
            Assert.Matches("^[A-Za-z0-9_-]{32}$", text);
            Assert.True(LeaseToken.TryParse(text, out var parsed));
            Assert.Equal(token, parsed);
        });

    [Fact]
    public void Other_tokens_have_other_texts() =>
        Gen.Select(Tokens, Tokens).Sample((a, b) => Assert.Equal(a == b, a.ToString() == b.ToString()));

    [Fact]
    public void Any_text_is_read_or_refused_and_never_throws() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char, 32, 32], Gen.String[Gen.Char.AlphaNumeric, 32, 32], Gen.String[Gen.Char[' ', '~'], 32, 32])
            .Sample(text =>
            {
                if (LeaseToken.TryParse(text, out var token))
                    Assert.Equal(text, token.ToString());
            });

    [Theory]
    [InlineData("")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("AAAA AAAA AAAA AAAA AAAA AAAA AA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+/")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0")]
    public void Text_that_no_token_has_is_refused(string text) => Assert.False(LeaseToken.TryParse(text, out _));
}
