using Gateway.Hub.Ingest;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>The cursor against the simplest thing that can be right: a set of numbers.</summary>
public sealed class LaneCursorTests
{
    [Fact]
    public void Any_order_of_commits_and_gaps_accounts_for_the_same_numbers_as_a_set()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var cursor = new LaneCursor(1, "a", Lane.Call, 1);
            var model = new HashSet<uint>();
            for (var step = 0; step < 60; step++)
            {
                var first = (uint)random.Next(1, 60);
                var last = random.Next(3) == 0 ? (uint)random.Next((int)first, 61) : first;
                var expected = Enumerable.Range((int)first, (int)(last - first + 1)).Select(n => (uint)n).Where(n => !model.Contains(n)).ToList();
                var added = cursor.Account(new SeqRange(first, last)).SelectMany(Numbers).ToList();
                model.UnionWith(expected);

                Assert.True(expected.SequenceEqual(added), $"seed {seed}, round {round}, step {step}: {first}..{last} added {string.Join(',', added)}, expected {string.Join(',', expected)}");
                var through = 0u;
                while (model.Contains(through + 1))
                {
                    through++;
                }

                Assert.True(through == cursor.Through, $"seed {seed}, round {round}, step {step}: through {cursor.Through}, expected {through}");
                Assert.True(model.Where(n => n > through).Order().SequenceEqual(cursor.Ahead.SelectMany(Numbers)), $"seed {seed}, round {round}, step {step}");
                Assert.All(Enumerable.Range(1, 62), n => Assert.Equal(model.Contains((uint)n), cursor.IsAccounted((uint)n)));
            }
        }
    }

    [Fact]
    public void The_last_number_of_an_epoch_is_taken()
    {
        var cursor = new LaneCursor(1, "a", Lane.Call, 1);
        cursor.Commit(uint.MaxValue);
        Assert.True(cursor.IsAccounted(uint.MaxValue));
        cursor.Account(new SeqRange(1, uint.MaxValue));
        Assert.Equal(uint.MaxValue, cursor.Through);
    }

    private static IEnumerable<uint> Numbers(SeqRange range) => Enumerable.Range((int)range.First, (int)range.Count).Select(n => (uint)n);
}
