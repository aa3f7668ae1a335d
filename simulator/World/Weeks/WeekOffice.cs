using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;
using Gateway.World.Kernel;

namespace Gateway.World.Weeks;

/// <summary>The station's work beside incidents: visits from door to door, warnings, the day's review, the law's review, hand-overs. Some of it is left lying.</summary>
internal sealed class WeekOffice(WeekScene scene)
{
    private readonly Dice _dice = new(scene.Seed, "office");
    private readonly HashSet<long> _left = [];
    private readonly HashSet<long> _known = [];

    public void Plan(DateTimeOffset begins, int days)
    {
        foreach (var station in scene.Hub.Stations.Stations)
        {
            for (var n = 0; n < 6; n++)
            {
                var village = station.Villages[(int)_dice.Between(0, station.Villages.Length - 1)].Id;
                scene.At(begins.AddHours(_dice.Between(8, 60)), () => scene.Do(0, new VisitCommand.Plan("From door to door", village, 20, scene.Now.AddDays(_dice.Between(2, 5))), "community-1"));
            }

            scene.At(begins.AddHours(10), () => scene.Do(0, new CampaignCommand.Plan("Stoves in winter", 200, begins.AddDays(6)), "community-1", station.Id));
            for (var hour = 8; hour < days * 24; hour += 12)
            {
                scene.At(begins.AddHours(hour), () => scene.Do(0, new ShiftCommand.HandOver("What is open is listed."), "operator-1", station.Id));
            }
        }

        Move(begins, days);
        scene.At(begins.AddHours(1), Round);
    }

    /// <summary>Rooms that move do so twice in a week, wherever there is a village, of another station too.</summary>
    private void Move(DateTimeOffset begins, int days)
    {
        var villages = scene.Hub.Stations.All.Villages;
        foreach (var room in scene.Hub.Stations.All.CallPoints.Where(point => point.Mobile))
        {
            for (var n = 0; n < 2; n++)
            {
                var village = villages[(int)_dice.Between(0, villages.Length - 1)].Id;
                scene.At(begins.AddHours(_dice.Between(0, days * 24)), () => scene.Move(room.Id, village, "operator-1"));
            }
        }
    }

    /// <summary>Open, and left lying for good.</summary>
    public bool IsLeft(WorkItem item) => _left.Contains(item.Id);

    private void Round()
    {
        foreach (var item in scene.Hub.Snapshot.OpenWork.Values.OrderBy(item => item.Id).ToList())
        {
            if (_known.Add(item.Id) && _dice.OneIn(15))
            {
                _left.Add(item.Id);
            }

            if (_left.Contains(item.Id))
            {
                continue;
            }

            if (item is PatrolShift { Ended: false } patrol)
            {
                Patrol(patrol);
            }
            else if (_dice.OneIn(item is Handover ? 2 : 14))
            {
                Work(item);
            }
        }

        scene.In(TimeSpan.FromMinutes(40), Round);
    }

    private void Work(WorkItem item)
    {
        switch (item)
        {
            case Handover:
                scene.Do(item.Id, new ShiftCommand.TakeOver("Read."), "operator-2");
                break;
            case DailyReview:
                scene.Do(item.Id, new ShiftCommand.ReviewDay("Looked through."), "supervisor-1");
                break;
            case LegalReview:
                scene.Do(item.Id, new ReviewCommand.Judge(ReviewResult.Sound, "In order."), "legal-1");
                break;
            case Warning { SupervisedBy: null }:
                scene.Do(item.Id, new WarningCommand.Supervise("community team", "Visit them."), "supervisor-1");
                break;
            case Warning warning:
                scene.Do(item.Id, warning.State() == "supervised" ? new WarningCommand.Handle("Visited; support begins.") : new WarningCommand.FeedBack(WarningResult.SupportGiven, "It helps."), "community-1");
                break;
            case PatrolShift:
                scene.Do(item.Id, new PatrolCommand.ExplainMissed("Snow on the pass."), "operator-1");
                break;
            case VisitRound round:
                Visit(round);
                break;
            case Campaign:
                scene.Do(item.Id, _dice.OneIn(4) ? new CampaignCommand.Finish("Done.") : new CampaignCommand.Count(scene.Hub.Stations.Of(item.StationId).Villages[0].Id, (int)_dice.Between(5, 60)), "community-1");
                break;
        }
    }

    /// <summary>Most points in time, by hand or by the key in the box; in some shifts the car does not start.</summary>
    private void Patrol(PatrolShift shift)
    {
        if (shift.Id % 7 == 0)
        {
            return;
        }

        foreach (var target in shift.Targets.Where(target => !shift.IsCovered(target)).Take(Math.Max(4, shift.Targets.Length / 6)).ToList())
        {
            var boards = scene.Hub.Stations.Of(shift.StationId).Boards;
            if (_dice.OneIn(4) && !boards.IsEmpty)
            {
                var board = scene.Hub.Boards[boards[(int)_dice.Between(0, boards.Length - 1)].DeviceId];
                scene.Signal(board, board.Board.Zones.FirstOrDefault(zone => zone.Kind == ZoneKind.Box) ?? new Zone(0, ZoneKind.Box, LocalText.Empty, false), SignalKinds.Patrol, "normal");
            }
            else
            {
                scene.Do(shift.Id, new PatrolCommand.CheckIn(target.Id), "community-1");
            }
        }
    }

    private void Visit(VisitRound round)
    {
        if (round.Requests.FirstOrDefault(request => request.Result is null) is { } waiting)
        {
            scene.Do(round.Id, new VisitCommand.Outcome(waiting.Number, _dice.OneIn(4) ? RequestResult.Referred : RequestResult.Handled, "Told them."), "community-1");
        }
        else if (round.Requests.Length < 3)
        {
            scene.Do(round.Id, new VisitCommand.Visit((int)_dice.Between(2, 10)), "community-1");
            scene.Do(round.Id, new VisitCommand.Request("The well is frozen.", scene.Now.AddDays(3)), "community-1");
        }
        else
        {
            scene.Do(round.Id, new VisitCommand.Finish("Every door."), "community-1");
        }
    }
}
