using JobQueue.Configuration;

namespace JobQueue.Tests.Configuration;

public sealed class IdleMemoryTests
{
    private const long Much = IdleMemory.Kept * 4;

    [Fact]
    public void Memory_of_a_burst_is_given_back_once_the_server_is_idle() => Assert.True(IdleMemory.IsWorthwhile(Much, recent: 0, rounds: 0));

    [Fact]
    public void Nothing_is_done_while_the_server_works() => Assert.False(IdleMemory.IsWorthwhile(Much, IdleMemory.IdleAllocations, rounds: 0));

    [Fact]
    public void So_many_collections_are_enough_for_one_burst() => Assert.False(IdleMemory.IsWorthwhile(Much, recent: 0, IdleMemory.Rounds));

    [Fact]
    public void Small_heap_is_left_alone() => Assert.False(IdleMemory.IsWorthwhile(IdleMemory.Kept, recent: 0, rounds: 0));
}
