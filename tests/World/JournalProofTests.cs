using Gateway.World.Journal;

namespace Gateway.World.Tests;

/// <summary>A stride of the proof that "prove journal" runs whole.</summary>
public sealed class JournalProofTests(ITestOutputHelper output)
{
    const int Seed = 20261122;

    [Fact]
    public void Every_cut_step_leaves_a_journal_that_holds_its_promise_I1_I5_I6()
    {
        var result = new ProofResult { Seed = Seed };
        CutProof.Run(result, 3);
        Report(result);
    }

    [Fact]
    public void Every_failing_write_flipped_bit_and_bad_file_costs_at_most_what_it_hit_I5()
    {
        var result = new ProofResult { Seed = Seed };
        FaultProof.Run(result, 7);
        Report(result);
    }

    [Fact]
    public void A_flipped_bit_of_a_full_160_KB_image_costs_at_most_the_record_that_it_hit_I5()
    {
        var result = new ProofResult { Seed = Seed };
        FlipProof.Run(result, JournalProof.SampledBits);
        Assert.True(result.Images > 1_200, $"only {result.Images} images: the journal was not full");
        Report(result);
    }

    [Fact]
    public void Random_operations_agree_with_a_plain_list()
    {
        var result = new ProofResult { Seed = Seed };
        ModelCheck.Run(result, 40_000);
        Report(result);
    }

    [Fact]
    public void Every_cut_tear_failing_write_and_flipped_bit_leaves_a_valid_configuration_GW42_GW43()
    {
        var result = new ProofResult { Seed = Seed };
        ConfigurationProof.Run(result);
        Report(result);
        Assert.True(result.Cuts > 500 && result.Images > 5_000, $"cuts {result.Cuts}, images {result.Images}");
    }

    void Report(ProofResult result)
    {
        output.WriteLine($"seed {result.Seed}, cuts {result.Cuts}, images {result.Images}, operations {result.Operations}");
        Assert.True(result.Violations == 0, $"{result.Violations} violations, seed {result.Seed}:\n" + string.Join("\n", result.Texts.Kept.Take(20)));
    }
}
