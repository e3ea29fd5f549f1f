using JobQueue.Access.Users;

namespace JobQueue.Tests.Access.Users;

public sealed class PasswordsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Crowd_at_the_door_is_told_at_once_and_holds_up_nobody_who_gives_a_password()
    {
        using var passwords = new Passwords();
        var hash = await passwords.HashAsync("correct horse", Cancellation);

        var crowd = Enumerable.Range(0, 200).Select(guess => passwords.VerifyAsync(hash, $"guess {guess}", Cancellation)).ToList();
        var given = await passwords.HashAsync("another horse", Cancellation);

        Assert.Contains(crowd, look => !look.IsCompleted);
        var verdicts = await Task.WhenAll(crowd);
        Assert.Contains(PasswordVerdict.Busy, verdicts);
        Assert.Contains(PasswordVerdict.Wrong, verdicts);
        Assert.DoesNotContain(PasswordVerdict.Right, verdicts);
        Assert.Equal(PasswordVerdict.Right, await passwords.VerifyAsync(given, "another horse", Cancellation));
    }

    [Fact]
    public async Task Caller_that_goes_leaves_its_place()
    {
        using var passwords = new Passwords();
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        for (var i = 0; i < 200; i++)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => passwords.VerifyAsync(null, "guess", gone.Token));

        Assert.Equal(PasswordVerdict.Wrong, await passwords.VerifyAsync(null, "guess", Cancellation));
    }
}
