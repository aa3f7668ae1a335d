using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.World.Kernel;
using Gateway.World.Scenarios;

namespace Gateway.World.Weeks;

/// <summary>What happens in the villages: calls of all kinds, most in the evening; pressed again, taken back, silent; doors and pens; links and mains that fail.</summary>
internal sealed class WeekVillages(WeekScene scene)
{
    /// <summary>Alarms of a village in a week, on average; the first few villages have a bad week, so that warnings are raised.</summary>
    private const int AlarmsMean = 3;
    private const int BadVillages = 4;
    private const int BadWeekCalls = 5;

    /// <summary>Hours by how much is going on.</summary>
    private static readonly int[] Hours = [0, 1, 3, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 18, 19, 19, 20, 20, 20, 21, 21, 22, 23];

    private readonly Dice _dice = new(scene.Seed, "villages");

    /// <summary>Draws the whole week; what follows from it is drawn as it comes.</summary>
    public void Plan(DateTimeOffset begins, int days)
    {
        var boards = scene.Hub.Boards.Values.OrderBy(board => board.Device, StringComparer.Ordinal).ToList();
        foreach (var board in boards)
        {
            for (var n = _dice.Between(0, AlarmsMean * 2); n > 0; n--)
            {
                scene.At(Moment(begins, days), () => Alarm(board));
            }
        }

        for (var bad = 0; bad < BadVillages; bad++)
        {
            var board = boards[(int)_dice.Between(0, boards.Count - 1)];
            for (var n = 0; n < BadWeekCalls; n++)
            {
                scene.At(Moment(begins, days), () => Help(board));
            }
        }

        for (var n = 0; n < 4; n++)
        {
            var board = boards[(int)_dice.Between(0, boards.Count - 1)];
            scene.At(Moment(begins, days), () => LoseLink(board));
        }

        scene.At(Moment(begins, days), () => GridFails([.. boards.Where(_ => _dice.OneIn(6))]));
        for (var n = 0; n < 2; n++)
        {
            scene.At(Moment(begins, days), scene.Hub.Restart);
        }
    }

    private DateTimeOffset Moment(DateTimeOffset begins, int days) =>
        begins.AddDays(_dice.Between(0, days - 1)).AddHours(_dice.Pick<int>(Hours)).AddSeconds(_dice.Between(0, 3_599));

    private void Alarm(ScenarioBoard board)
    {
        switch (_dice.Between(0, 19))
        {
            case <= 9:
                Help(board);
                break;
            case <= 11:
                Call(board, ZoneKind.Silent, SignalKinds.Silent);
                break;
            case <= 14:
                OnAndOff(board, ZoneKind.Door, "door", 20);
                break;
            case <= 17:
                OnAndOff(board, ZoneKind.Pen, "pen", 40);
                break;
            case 18:
                OnAndOff(board, ZoneKind.Box, "tamper", 10);
                break;
            default:
                OnAndOff(board, ZoneKind.Box, "mains", 180);
                break;
        }
    }

    private void Help(ScenarioBoard board)
    {
        if (!Call(board, ZoneKind.Help, SignalKinds.Help))
        {
            return;
        }

        if (_dice.OneIn(4))
        {
            for (var n = _dice.Between(1, 5); n > 0; n--)
            {
                scene.In(TimeSpan.FromSeconds(10 + _dice.Waiting(60)), () => Call(board, ZoneKind.Help, SignalKinds.Help));
            }
        }

        if (_dice.OneIn(6))
        {
            scene.In(TimeSpan.FromSeconds(_dice.Between(5, 180)), () => Call(board, ZoneKind.Help, SignalKinds.Cancel));
        }
    }

    private bool Call(ScenarioBoard board, ZoneKind zone, string kind) =>
        Zone(board, zone) is { } watched && scene.Signal(board, watched, kind, kind == SignalKinds.Cancel ? "normal" : "alarm");

    private void OnAndOff(ScenarioBoard board, ZoneKind zone, string kind, int meanMin)
    {
        if (Zone(board, zone) is { } watched && scene.Signal(board, watched, kind, "alarm") && !_dice.OneIn(8))
        {
            scene.In(TimeSpan.FromMinutes(1 + _dice.Waiting(meanMin)), () => scene.Signal(board, watched, kind, "normal"));
        }
    }

    private void LoseLink(ScenarioBoard board)
    {
        board.IsLinked = false;
        scene.In(TimeSpan.FromMinutes(10 + _dice.Waiting(60)), () => board.IsLinked = true);
    }

    private void GridFails(List<ScenarioBoard> boards)
    {
        foreach (var board in boards)
        {
            OnAndOff(board, ZoneKind.Box, "mains", 90);
        }
    }

    private static Zone? Zone(ScenarioBoard board, ZoneKind kind) => board.Board.Zones.FirstOrDefault(zone => zone.Kind == kind);
}
