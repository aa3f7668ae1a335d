using System.ComponentModel;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Firmware.Service;
using Gateway.Hub.Api;
using Gateway.VirtualBoard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Cli.Demo;

/// <summary>Drives the virtual boards of a demo over HTTP: the boards page and scripts use it. It exists in a demo process only, which listens on loopback only.</summary>
internal static class DemoApi
{
    /// <summary>Longest hold that one request may ask for, ms; longer ones are two requests (asserted true, later false).</summary>
    public const int HoldMsMax = 60_000;

    /// <summary>Shortest pause between two states of one board on the event stream, ms: a blinking lamp at 3 Hz is still seen.</summary>
    private const int StatePauseMs = 40;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Adds the endpoints; the caller says who may use them.</summary>
    public static RouteGroupBuilder MapDemoApi(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/demo/boards").WithTags("Demo boards");
        group.MapGet("/", (BoardSet boards) => boards.All.Select(board => board.State())).WithName("listBoards").WithSummary("All virtual boards: pins, lamps, buzzer, plugs, backlog.");
        group.MapGet("/events", (BoardSet boards, CancellationToken cancel) => TypedResults.ServerSentEvents(Changes(boards, cancel)))
            .WithName("listenBoards").WithSummary("Event stream: event 'board' with a board's state, once for each at first and then after every change.").WithAnswerExample("event: board\ndata: {\"id\":\"sumitu-01\",\"powered\":true}\n\n");
        group.MapGet("/{id}", Results<Ok<BoardState>, ProblemHttpResult> (string id, BoardSet boards) =>
            boards.Find(id) is { } board ? TypedResults.Ok(board.State()) : NoBoard(id)).WithName("showBoard").WithSummary("One virtual board.");
        group.MapPost("/{id}/inputs/{input}", SetInput).WithName("setBoardInput").WithSummary("Set an input: asserted true or false; with holdMs it goes back by itself.").WithExample(new InputChange(true, 200), null)
            .WithDescription("Inputs: help, silent, cancel, resetKey, contact1, contact2, tamper, patrolKey. The change is made at the virtual GPIO pin; the firmware does the rest.");
        group.MapPost("/{id}/loops/{loop}", SetLoop).WithName("setBoardLoop").WithSummary("Set a supervised loop: normal, alarm, open (a wire is cut) or short (the wires touch).").WithExample(new LoopChange("alarm"), null)
            .WithDescription("Loops: loop1, loop2, loop3, loop4, helpLoop. The voltage changes at the virtual converter; the firmware does the rest.");
        group.MapPost("/{id}/network", (string id, NetworkChange change, BoardSet boards) => Change(boards, id, board => board.SetNetwork(change.Connected)))
            .WithName("plugBoardNetwork").WithSummary("Plug the network cable in or pull it: packets vanish, nobody is told.").WithExample(new NetworkChange(false), null);
        group.MapPost("/{id}/path", SetPath).WithName("setBoardPath").WithSummary("Choose the path from the plug to the hub: good, slow, lossy, trickle or dead (connected, and nothing comes through).").WithExample(new PathChange("slow"), null)
            .WithDescription("It counts for the connection that is there as well; one that a dead path has held stays dead until the board gives up or it is cut.");
        group.MapPost("/{id}/cut", (string id, BoardSet boards) => Change(boards, id, board => board.CutConnection()))
            .WithName("cutBoardConnection").WithSummary("End the board's connection by a reset to both ends.");
        group.MapPost("/{id}/mains", (string id, MainsChange change, BoardSet boards) => Change(boards, id, board => board.SetMains(change.Present)))
            .WithName("setBoardMains").WithSummary("Mains at the mains-sense input. The battery goes on carrying the box.").WithExample(new MainsChange(false), null);
        group.MapPost("/{id}/power", (string id, PowerChange change, BoardSet boards) => Change(boards, id, board => board.SetPower(change.On)))
            .WithName("setBoardPower").WithSummary("Cut all power at this instant, or power on: only the flash image survives.").WithExample(new PowerChange(false), null);
        group.MapPost("/{id}/service", Type).WithName("typeAtBoard").WithSummary("Type a line of 1 to 120 printable ASCII characters at the service header (COM2). Nothing is echoed.").WithExample(new ServiceInput("help"), null);
        group.MapGet("/{id}/service", Results<Ok<ServiceText>, ProblemHttpResult> (string id, BoardSet boards) =>
            boards.Find(id) is { } board ? TypedResults.Ok(new ServiceText(board.ReadService())) : NoBoard(id))
            .WithName("readBoardService").WithSummary("What the board wrote at its service header since this was last asked; the newest 16 KB.");
        group.MapPost("/{id}/blank", Results<Ok<BlankBoard>, ProblemHttpResult> (string id, BoardSet boards) =>
            boards.Find(id) is { } board ? TypedResults.Ok(new BlankBoard(board.Blank())) : NoBoard(id))
            .WithName("blankBoard").WithSummary("Cut the power, take the settings out of flash and power on: the board is to be provisioned through its service header. Its journal stays.");
        return group;
    }

    private static Results<Ok<BoardState>, ProblemHttpResult> Type(string id, ServiceInput input, BoardSet boards) =>
        input.Line is { Length: >= 1 and <= ServiceLine.CharsMax } && input.Line.All(static c => c is >= ' ' and <= '~')
            ? Change(boards, id, board => board.TypeAtService(input.Line))
            : TypedResults.Problem($"A line has 1 to {ServiceLine.CharsMax} printable ASCII characters.", statusCode: 400, title: "out-of-range");

    private static Results<Ok<BoardState>, ProblemHttpResult> SetInput(string id, string input, InputChange change, BoardSet boards)
    {
        if (change.HoldMs is < 1 or > HoldMsMax)
        {
            return TypedResults.Problem($"holdMs takes 1 to {HoldMsMax}.", statusCode: 400, title: "out-of-range");
        }

        if (!DemoBoard.InputNames.Contains(input))
        {
            return TypedResults.Problem($"There is no input '{input}'. Inputs: {string.Join(", ", DemoBoard.InputNames)}.", statusCode: 404, title: "unknown-input");
        }

        return Change(boards, id, board => board.SetInput(input, change.Asserted, change.HoldMs));
    }

    private static Results<Ok<BoardState>, ProblemHttpResult> SetLoop(string id, string loop, LoopChange change, BoardSet boards)
    {
        if (!DemoBoard.LoopNames.Contains(loop))
        {
            return TypedResults.Problem($"There is no loop '{loop}'. Loops: {string.Join(", ", DemoBoard.LoopNames)}.", statusCode: 404, title: "unknown-loop");
        }

        var level = DemoBoard.LevelNames.Where(each => each.Value == change.State).Select(each => (LoopLevel?)each.Key).FirstOrDefault();
        return level is { } known
            ? Change(boards, id, board => board.SetLoop(loop, known))
            : TypedResults.Problem($"A loop is {string.Join(", ", DemoBoard.LevelNames.Values)}.", statusCode: 400, title: "out-of-range");
    }

    private static Results<Ok<BoardState>, ProblemHttpResult> SetPath(string id, PathChange change, BoardSet boards) =>
        change.Kind is { } kind && BoardPath.KindNames.Contains(kind)
            ? Change(boards, id, board => board.SetPath(kind))
            : TypedResults.Problem($"A path is {string.Join(", ", BoardPath.KindNames)}.", statusCode: 400, title: "out-of-range");

    private static Results<Ok<BoardState>, ProblemHttpResult> Change(BoardSet boards, string id, Action<DemoBoard> act)
    {
        if (boards.Find(id) is not { } board)
        {
            return NoBoard(id);
        }

        act(board);
        return TypedResults.Ok(board.State());
    }

    private static ProblemHttpResult NoBoard(string id) => TypedResults.Problem($"There is no virtual board '{id}' in this process.", statusCode: 404, title: "unknown-board");

    private static async IAsyncEnumerable<SseItem<string>> Changes(BoardSet boards, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Full policy: a board that is already waiting to be sent is not queued twice, so the queue never exceeds the number of boards.
        var waiting = new HashSet<string>();
        var queue = Channel.CreateUnbounded<DemoBoard>(new UnboundedChannelOptions { SingleReader = true });
        void Queue(DemoBoard board)
        {
            lock (waiting)
            {
                if (waiting.Add(board.Id))
                {
                    queue.Writer.TryWrite(board);
                }
            }
        }

        using var subscription = boards.Subscribe(Queue);
        foreach (var board in boards.All)
        {
            Queue(board);
        }

        await foreach (var board in queue.Reader.ReadAllAsync(cancel))
        {
            lock (waiting)
            {
                waiting.Remove(board.Id);
            }

            yield return new SseItem<string>(JsonSerializer.Serialize(board.State(), Json), "board");
            if (waiting.Count == 0)
            {
                // Paces the stream; nothing waits for it.
                await Task.Delay(StatePauseMs, cancel);
            }
        }
    }
}

/// <summary>A change of an input.</summary>
/// <param name="Asserted">true: pressed, open, turned. With <paramref name="HoldMs"/> the opposite follows by itself.</param>
/// <param name="HoldMs">How long, in ms; without it the input stays as it is set.</param>
internal sealed record InputChange([property: Description("true: pressed, open, turned")] bool Asserted, [property: Description("1..60000: then it goes back by itself")] int? HoldMs = null);

internal sealed record LoopChange([property: Description("normal, alarm, open or short")] string State);

internal sealed record NetworkChange([property: Description("true: the cable is plugged in")] bool Connected);

internal sealed record PathChange([property: Description("good, slow, lossy, trickle or dead")] string Kind);

internal sealed record MainsChange([property: Description("true: mains is present")] bool Present);

internal sealed record PowerChange([property: Description("false: all power is cut at this instant")] bool On);

/// <param name="Line">As it is typed, without its end.</param>
internal sealed record ServiceInput([property: Description("as it is typed, without its end")] string Line);

internal sealed record ServiceText([property: Description("lines end in CR LF")] string Text);

/// <param name="Before">The file in the data folder that now holds what the board had.</param>
internal sealed record BlankBoard([property: Description("the file in the data folder that now holds what the board had")] string Before);
