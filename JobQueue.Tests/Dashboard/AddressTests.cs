using JobQueue.Dashboard.Pages.DeadLetters;
using JobQueue.Dashboard.Pages.JobList;
using JobQueue.Dashboard.Shared.Search;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Dashboard;

/// <summary>The address of a page is its state.</summary>
public sealed class AddressTests
{
    [Fact]
    public void Defaults_are_left_out() => Assert.Equal("dashboard/jobs", new JobListState().ToUrl());

    [Fact]
    public void State_of_the_list_survives_its_address()
    {
        var state = new JobListState
        {
            Status = JobStatus.Failed,
            Reason = FailReason.RetriesExhausted,
            Queue = "mail",
            Type = "http.request",
            Tag = "a tag & more",
            Tenant = "acme",
            Text = "100 % über",
            Before = "AbC-_",
        };

        Assert.Equal(state, JobListState.Read("http://localhost/" + state.ToUrl()));
        Assert.StartsWith("dashboard/jobs?status=failed&reason=retries_exhausted&queue=mail", state.ToUrl(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_status_in_an_address_is_no_filter() =>
        Assert.False(JobListState.Read("http://localhost/dashboard/jobs?status=ready&foo=bar").IsFiltered);

    [Fact]
    public void State_of_the_dead_letters_survives_its_address()
    {
        var state = new DeadLetterState
        {
            Groups = true,
            Fingerprint = "0123456789abcdef",
            Conditions = new JobListState { Type = "fail", After = "xyz" },
        };

        Assert.Equal(state, DeadLetterState.Read("http://localhost/" + state.ToUrl()));
    }

    [Fact]
    public void Typed_conditions_become_state_and_the_rest_is_free_text()
    {
        var state = SearchText.Apply(new JobListState { Before = "x" }, "  timed queue:mail out STATUS:failed tag:vip", out var problem);

        Assert.Null(problem);
        Assert.Equal(new JobListState { Queue = "mail", Status = JobStatus.Failed, Tag = "vip", Text = "timed out" }, state);
    }

    [Theory]
    [InlineData("status:ready", "There is no status \"ready\". Known: pending, running, done, failed.")]
    [InlineData("queue:", "What should \"queue:\" be?")]
    public void Condition_that_means_nothing_is_told(string typed, string problem)
    {
        SearchText.Apply(new JobListState(), typed, out var told);

        Assert.Equal(problem, told);
    }

    [Fact]
    public void Word_with_a_colon_that_names_nothing_is_free_text() =>
        Assert.Equal("http://example.com", SearchText.Apply(new JobListState(), "http://example.com", out _).Text);
}
