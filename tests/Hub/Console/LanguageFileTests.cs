using System.Text.Json;
using Gateway.Hub.Console;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Console;

/// <summary>A language is a file beside the program: dropped in, judged, and never able to harm a page.</summary>
public sealed class LanguageFileTests
{
    private static readonly Words English = Words.BuiltIn.Single(words => words.Tag == "en");

    [Fact]
    public void A_file_dropped_in_is_a_language_that_the_reader_can_choose()
    {
        using var folder = new TempFolder();
        Write(folder, "mn.json", English.Keys.ToDictionary(key => key, key => $"«{English[key]}»"));
        var languages = Languages.Load(folder.Path);

        Assert.Equal("mn", languages.For(null, ["mn-MN", "en"]).Tag);
        Assert.Equal("mn", languages.For("mn", ["en"]).Tag);
        Assert.Equal("en", languages.For(null, ["ru"]).Tag);
        Assert.Equal("«Command room»", languages.For("mn", [])["nav.room"]);
        Assert.True(Assert.Single(languages.Files).IsWhole);
        Assert.Equal(["en", "mn", "zh-CN"], languages.All.Select(words => words.Tag));
    }

    [Fact]
    public void What_a_file_lacks_is_shown_in_English_and_listed()
    {
        using var folder = new TempFolder();
        Write(folder, "mn.json", new Dictionary<string, object> { ["nav.room"] = "Удирдах өрөө", ["no.such.key"] = "x", ["app.skip"] = "" });
        var languages = Languages.Load(folder.Path);
        var words = languages.For("mn", []);
        var file = Assert.Single(languages.Files);

        Assert.Equal("Удирдах өрөө", words["nav.room"]);
        Assert.Equal(English["room.queue"], words["room.queue"]);
        Assert.Equal("mn", words["language.own"]);
        Assert.Equal(1, file.Texts);
        Assert.Equal(English.Keys.Where(key => key != "nav.room").Order(StringComparer.Ordinal), file.Missing);
        Assert.Equal(["no.such.key"], file.Unknown);
        Assert.False(file.IsWhole);
    }

    [Theory]
    [InlineData("ago")]
    [InlineData("{0} {1} {2} ago")]
    [InlineData("{0} and {")]
    [InlineData("{0} and {name}")]
    [InlineData(7)]
    public void A_text_whose_places_would_fail_is_not_used_and_is_listed(object text)
    {
        using var folder = new TempFolder();
        Write(folder, "mn.json", new Dictionary<string, object> { ["js.ago.seconds"] = text });
        var languages = Languages.Load(folder.Path);

        Assert.Equal(["js.ago.seconds"], Assert.Single(languages.Files).Wrong);
        Assert.Equal(English["js.ago.seconds", 4], languages.For("mn", [])["js.ago.seconds", 4]);
    }

    [Fact]
    public void A_file_of_the_programs_own_language_changes_single_texts_and_misses_none()
    {
        using var folder = new TempFolder();
        Write(folder, "zh-CN.json", new Dictionary<string, object> { ["nav.room"] = "值班室" });
        var languages = Languages.Load(folder.Path);
        var words = languages.For(null, ["zh"]);

        Assert.Equal("值班室", words["nav.room"]);
        Assert.Equal("中文", words["language.own"]);
        Assert.True(Assert.Single(languages.Files).IsWhole);
        Assert.Equal(2, languages.All.Count);
    }

    [Theory]
    [InlineData("mn.json", "{ \"nav.room\": ", "nav.room")]
    [InlineData("mn.json", "[]", "one object")]
    [InlineData("my language.json", "{}", "language tag")]
    [InlineData("../mn.json", "{}", null)]
    public void A_file_that_cannot_be_used_is_told_and_harms_nothing(string name, string text, string? fault)
    {
        using var folder = new TempFolder();
        var inside = Directory.CreateDirectory(Path.Combine(folder.Path, "languages")).FullName;
        File.WriteAllText(Path.Combine(inside, name), text);
        var languages = Languages.Load(inside);

        Assert.Equal(["en", "zh-CN"], languages.All.Select(words => words.Tag));
        if (fault is null)
        {
            Assert.Empty(languages.Files);
        }
        else
        {
            Assert.NotNull(Assert.Single(languages.Files).Fault);
        }
    }

    [Fact]
    public void Too_large_a_file_and_too_many_files_are_not_read()
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "aa.json"), "{\"nav.room\":\"" + new string('x', LanguageFile.BytesMax) + "\"}");
        for (var file = 0; file < Languages.FilesMax; file++)
        {
            File.WriteAllText(Path.Combine(folder.Path, $"b{(char)('a' + (file / 26))}{(char)('a' + (file % 26))}.json"), "{}");
        }

        var languages = Languages.Load(folder.Path);
        Assert.Equal(Languages.FilesMax + 1, languages.Files.Count);
        Assert.Contains("bytes", languages.Files[0].Fault);
        Assert.Contains("Not read", languages.Files[^1].Fault);
        Assert.Equal(2 + Languages.FilesMax - 1, languages.All.Count);
    }

    [Fact]
    public void The_file_of_a_language_is_what_a_translator_starts_from()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "mn.json"), Languages.BuiltIn.FileOf("en")!);
        var languages = Languages.Load(folder.Path);

        Assert.Equal(English.Keys.Count, Assert.Single(languages.Files).Texts);
        Assert.Equal(English["room.queue"], languages.For("mn", [])["room.queue"]);
        Assert.Null(languages.FileOf("ru"));
    }

    [Fact]
    public void A_folder_that_is_not_there_has_no_files() => Assert.Same(Languages.BuiltIn, Languages.Load("/nowhere/languages"));

    private static void Write(TempFolder folder, string name, Dictionary<string, object> texts) => File.WriteAllText(Path.Combine(folder.Path, name), JsonSerializer.Serialize(texts));

    private static void Write(TempFolder folder, string name, Dictionary<string, string> texts) => File.WriteAllText(Path.Combine(folder.Path, name), JsonSerializer.Serialize(texts));
}
