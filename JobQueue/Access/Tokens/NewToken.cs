namespace JobQueue.Access.Tokens;

/// <param name="Secret">To be shown this once.</param>
internal sealed record NewToken(Guid Id, string Secret);
