using JobQueue.Storage.Sqlite.Sql;

namespace JobQueue.Storage.Sqlite.Board.Targets;

/// <summary>
/// Jobs of a lane that were ready and could not run because of their target: it is down, or has as many calls as one process may
/// make at once. They stand aside in their order, so that the lane's other jobs are found without walking over them, and run
/// from here. Written by the store's thread alone.
/// </summary>
/// <param name="id">Below zero, where lanes have none.</param>
/// <param name="lane">To which the jobs belong and which counts them as pending.</param>
internal sealed class Siding(int id, Lane lane, TargetState target, int count) : ReadyLine(id, count)
{
    public TargetState Target { get; } = target;

    public override Lane Home { get; } = lane;

    public override int Count { get; set; } = count;

    public override bool IsHeldUp => Home.Paused || !Target.TakesCalls;

    /// <summary>Whether its jobs changed since the last commit.</summary>
    public bool Changed { get; set; }

    /// <summary>Brings its rows up to date, once a commit.</summary>
    public void Write(HotStatements sql)
    {
        Ready.Write(sql);
        if (Count == 0)
            sql.DeleteSiding.Bind(Id).RunOne("siding", Id);
    }
}
