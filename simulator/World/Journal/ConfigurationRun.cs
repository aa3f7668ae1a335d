using System.Text;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Delivery;

namespace Gateway.World.Journal;

/// <summary>A configuration desk on a flash model, with the set of what may be in force: every operation goes through here, so that the two never part.</summary>
public sealed class ConfigurationRun
{
    const int StuckSBase = 100;
    static readonly InForce provisioned = new(0, SettingsBounds.StuckSDefault, SettingsBounds.CancelWindowSDefault);

    readonly ViolationTexts texts;
    readonly HashSet<InForce> may;
    readonly HashSet<int> takenBack;
    ConfigurationDesk desk = null!;
    InForce good;
    InForce tried;
    long nowMs;

    public ConfigurationRun(FlashModel flash, ViolationTexts texts)
        : this(flash, texts, [provisioned], [], provisioned, provisioned) => Boot();

    ConfigurationRun(FlashModel flash, ViolationTexts texts, HashSet<InForce> may, HashSet<int> takenBack, InForce good, InForce tried) =>
        (Flash, this.texts, this.may, this.takenBack, this.good, this.tried) = (flash, texts, may, takenBack, good, tried);

    public FlashModel Flash { get; }

    public string Where { get; init; } = "";

    /// <summary>The next incarnation on this flash, booted and checked.</summary>
    public ConfigurationRun Again(FlashModel flash, string? where = null)
    {
        var run = Unbooted(flash, where ?? Where);
        run.Boot();
        return run;
    }

    public ConfigurationRun Unbooted(FlashModel flash, string where) => new(flash, texts, [.. may], [.. takenBack], good, tried) { Where = where };

    /// <summary>What comes up must be one of those that may be: whole, and never one that was taken back.</summary>
    public void Boot()
    {
        desk = new ConfigurationDesk(Flash, Provisioned());
        var found = new InForce(desk.Settings.Version, desk.Settings.StuckS, desk.Settings.CancelWindowS);
        if (desk.Error is not null) texts.Add($"{Where}: {desk.Error}");
        if (!may.Contains(found)) texts.Add($"{Where}: {found} is in force, may be {string.Join(" or ", may)}");
        if (takenBack.Contains(found.Version)) texts.Add($"{Where}: {found} came back");
        if (!desk.IsOnTrial && found != tried) tried = good = found;
        if (!desk.IsOnTrial) good = found;
    }

    /// <summary>Moments in which nothing new comes: a rollback or a second copy that is still due is written.</summary>
    public void Quiet()
    {
        for (var i = 0; i < 4; i++) desk.Step(false, nowMs);
    }

    /// <summary>The hub desires a version, and it goes on trial.</summary>
    public void Try(int version)
    {
        Quiet();
        var before = tried;
        tried = new InForce(version, StuckSBase + (version % 400), SettingsBounds.CancelWindowSDefault);
        may.Add(tried);
        var payload = Encoding.ASCII.GetBytes($"{{\"v\":1,\"hub\":\"7d1f0c2a94b36e58\",\"schema\":1,\"version\":{version},\"stuckS\":{tried.StuckS}}}");
        var json = new FlatJson();
        json.Parse(payload, payload.Length);
        desk.TakeDesired(json, payload, payload.Length);
        Until(() => desk.Settings.Version == version || desk.Report.State == ConfigurationState.Refused);
        if (desk.Settings.Version != version) tried = before;
    }

    /// <summary>The trial reaches the hub: from then on nothing else may be in force, whatever happens.</summary>
    public void Reach()
    {
        if (!desk.IsOnTrial) return;
        desk.Born();
        desk.Heard();
        Until(() => !desk.IsOnTrial);
        good = tried;
        Only(good);
        Quiet();
    }

    /// <summary>The trial does not reach the hub: once that is noted the version is never tried again.</summary>
    public void TakeBack()
    {
        if (!desk.IsOnTrial) return;
        desk.Step(false, nowMs);
        nowMs += (SettingsBounds.TrialMinMax * 60_000L) + 1;
        Until(() => desk.Settings.Version != tried.Version);
        for (var i = 0; i < 4; i++)
        {
            nowMs += ConfigurationDesk.RetryMs;
            desk.Step(false, nowMs);
        }

        Only(good);
        takenBack.Add(tried.Version);
        Again(tried);
    }

    public void SetAtTheBox(int cancelWindowS)
    {
        Quiet();
        var changed = good with { CancelWindowS = cancelWindowS };
        may.Add(changed);
        desk.Set("cancelWindowS", cancelWindowS.ToString());
        for (var i = 0; i < 3 && desk.Save() is not null; i++) Quiet();
        good = tried = changed;
        Only(good);
        Quiet();
    }

    /// <summary>The hub sends what was taken back once more: nothing happens.</summary>
    void Again(InForce failed)
    {
        var payload = Encoding.ASCII.GetBytes($"{{\"v\":1,\"hub\":\"7d1f0c2a94b36e58\",\"schema\":1,\"version\":{failed.Version},\"stuckS\":{failed.StuckS}}}");
        var json = new FlatJson();
        json.Parse(payload, payload.Length);
        desk.TakeDesired(json, payload, payload.Length);
        Quiet();
        if (desk.IsOnTrial) texts.Add($"{Where}: {failed} is tried again");
    }

    /// <summary>Steps until something is so; a refused write is tried again after its time.</summary>
    void Until(Func<bool> isSo)
    {
        for (var i = 0; i < 5 && !isSo(); i++)
        {
            if (i > 0) nowMs += ConfigurationDesk.RetryMs;
            desk.Step(false, nowMs);
        }
    }

    void Only(InForce one)
    {
        may.Clear();
        may.Add(one);
    }

    static GatewaySettings Provisioned() => new()
    {
        Device = "sumitu-01", Hub = "7d1f0c2a94b36e58", Key = new byte[32], Host = "192.0.2.10", Password = "a-password-of-a-proof",
    };

    readonly record struct InForce(int Version, int StuckS, int CancelWindowS);
}
