using Gateway.Hub.Stations;

namespace Gateway.Hub.Dispatch;

/// <summary>The plain words of a suggestion, in the languages that the console shows.</summary>
internal static class SuggestionReasons
{
    public static Reason Way(TravelMeans means, double km, int etaMin) => new("way", new(
        $"{MeansZh(means)}约 {km:0.#} 公里，{etaMin} 分钟可到",
        $"{etaMin} min by {MeansEn(means)}, about {km:0.#} km"));

    public static Reason SameVillage() => new("sameVillage", new("就在本村", "In the same village"));

    public static Reason OnScene() => new("onScene", new("已在现场", "Already on the scene"));

    public static Reason Sent() => new("sent", new("已派往此警情", "Already sent to this incident"));

    public static Reason Skill(string skill) => new("skill", new($"具备技能：{SkillZh(skill)}", $"Has the skill: {SkillEn(skill)}"));

    public static Reason NoSkill(string skill) => new("noSkill", new($"无此技能：{SkillZh(skill)}", $"Lacks the skill: {SkillEn(skill)}"));

    public static Reason Language(string language) => new("language", new($"会说{LanguageZh(language)}", $"Speaks {LanguageEn(language)}"));

    public static Reason NoLanguage() => new("noLanguage", new("语言不通", "Speaks no language of this place"));

    public static Reason Busy(int incidents) => new("busy", new($"正在处理 {incidents} 起警情", incidents == 1 ? "Busy with another incident" : $"Busy with {incidents} other incidents"));

    public static Reason FirstAble() => new("firstAble", new("最先能到", "Can be there first"));

    public static Reason NearestPolice() => new("nearestPolice", new("最近的警力", "The nearest police"));

    public static Reason NearestVolunteer() => new("nearestVolunteer", new("最近的义警或群防力量", "The nearest volunteer or watch"));

    public static Reason PoliceFirst() => new("policeFirst", new("静默报警：可能有危险，先派警力", "Silent call: there may be danger, police go first"));

    /// <param name="soonerMin">Than the station's own; null when nobody of its own can come.</param>
    public static Reason Aid(LocalText neighbour, int? soonerMin) => new("mutualAid", soonerMin switch
    {
        null => new($"{neighbour.For("zh")}增援：本所无人可派", $"Help from {neighbour.For("en")}: nobody of this station can come"),
        > 0 => new($"{neighbour.For("zh")}增援：比本所早到 {soonerMin} 分钟", $"Help from {neighbour.For("en")}: {soonerMin} min sooner than this station's own"),
        _ => new($"{neighbour.For("zh")}增援", $"Help from {neighbour.For("en")}"),
    });

    private static string MeansZh(TravelMeans means) => means switch
    {
        TravelMeans.Car => "开车",
        TravelMeans.Motorbike => "骑摩托车",
        TravelMeans.Horse => "骑马",
        _ => "步行",
    };

    private static string MeansEn(TravelMeans means) => means switch
    {
        TravelMeans.Car => "car",
        TravelMeans.Motorbike => "motorbike",
        TravelMeans.Horse => "horse",
        _ => "foot",
    };

    private static string SkillZh(string skill) => skill switch
    {
        SkillNames.FirstAid => "急救",
        SkillNames.Mediation => "调解",
        SkillNames.Fire => "灭火",
        SkillNames.Livestock => "牲畜",
        SkillNames.Water => "水上救援",
        SkillNames.Electrical => "电工",
        _ => skill,
    };

    private static string SkillEn(string skill) => skill == SkillNames.FirstAid ? "first aid" : skill;

    private static string LanguageZh(string language) => language switch
    {
        "mn" => "蒙古语",
        "zh" => "汉语",
        "bo" => "藏语",
        "en" => "英语",
        _ => " " + language,
    };

    private static string LanguageEn(string language) => language switch
    {
        "mn" => "Mongolian",
        "zh" => "Chinese",
        "bo" => "Tibetan",
        "en" => "English",
        _ => language,
    };
}
