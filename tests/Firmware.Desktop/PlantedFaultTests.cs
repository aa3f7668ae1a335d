using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Gateway.Firmware.Tests.Desktop
{
    /// <summary>
    /// The firmware's tests prove something: for each fault planted into outbox, delivery, calls and supervision, compiled in memory together with the tests, at
    /// least one of them fails. (Faults of the journal are planted by tests/World/PlantedFaultTests.cs, and found by its proof.)
    /// </summary>
    public sealed class PlantedFaultTests
    {
        private const int RunMsMax = 60_000;

        private static readonly Lazy<MetadataReference[]> references = new(() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) is not ("Gateway.Firmware.Desktop" or "Gateway.Firmware.Tests"))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToArray());

        /// <summary>Firmware and tests as they are.</summary>
        private static readonly Lazy<CSharpCompilation> sound = new(() => CSharpCompilation.Create(
            "Planted",
            Sources().Select(source => Parse(source.Path, source.Text)),
            references.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release)));

        /// <summary>Each with the class of tests that is asked first: most often it is the one that finds it, and the others need not run.</summary>
        public static TheoryData<string, string, string, string, string> Faults => new()
        {
            { "a receipt moves the cursor too far", "ConfigurationTests", "Delivery/Inbox.cs", "(uint)through, nowMs);", "(uint)through + 1, nowMs);" },
            { "a receipt beyond the lane is believed", "RefusalTests", "Delivery/Inbox.cs", "through >= source.Next", "through > source.Next + 100" },
            { "a foreign epoch is accepted", "RefusalTests", "Delivery/Inbox.cs", "epoch != source.Epoch", "epoch == 1" },
            { "an old number is accepted", "RefusalTests", "Delivery/Session.cs", "bool rises = n > _receiptN;", "bool rises = true;" },
            { "a foreign hub is accepted", "RefusalTests", "Delivery/Envelope.cs", "!json.IsText(\"hub\", _settings.Hub)", "!json.Has(\"hub\")" },
            { "an old session is accepted", "RefusalTests", "Delivery/Envelope.cs", "json.IsText(\"session\", _session.Nonce) ? Refusal.None", "json.Has(\"session\") ? Refusal.None" },
            { "a bad MAC is accepted", "ProtocolExampleTests", "Delivery/Authenticator.cs", "return difference == 0;", "return difference >= 0;" },
            { "the window in flight is unbounded", "SessionTests", "Delivery/Outbox.cs", "_inFlightCount < WindowMax && _sent", "_sent" },
            { "what got no receipt is never sent again", "SessionTests", "Delivery/Outbox.cs", "nowMs - _progressMs >= ResendMs", "nowMs < 0" },
            { "a new connection goes on behind what was lost", "SessionTests", "Delivery/Outbox.cs", "_sent = _source.Acknowledged;", "_sent = _sent < _source.Acknowledged ? _source.Acknowledged : _sent;" },
            { "a hole is passed over in silence", "JournalTests", "Delivery/Outbox.cs", "SignalPayload.WriteGap(_writer, _topic, _source.Id, _source.Epoch, next, last);", "_source.TryRead(readable, _record); last = readable; SignalPayload.Write(_writer, _topic, _source.Id, _source.Epoch, _record);" },
            { "events go before calls", "SessionTests", "Delivery/Backoff.cs", "if (due < _dueMs)", "if (due > _dueMs)" },
            { "a call that the journal refused is dropped", "SilentCallTests", "CallWriter.cs", "bool taken = _volatile.TryAdd(Record, opensCall);", "bool taken = true;" },
            { "received is shown when the record is sent", "HelpCallTests", "CallDesk.cs", "_journal.Calls.Acknowledged >= latch.Call", "_journal.Calls.Next > latch.Call" },
            { "a silent call is shown", "SilentCallTests", "CallDesk.cs", "if (slot == _help)\n            {\n                _view.Begin", "if (slot != null)\n            {\n                _view.Begin" },
            { "a reset ends a call that was pressed again", "CommandTests", "CallDesk.cs", "if (_writer.IsPressedAgain(slot))", "if (nowMs < 0)" },
            { "a close ends a call that was pressed again", "CommandTests", "CallDesk.cs", "if (_writer.IsPressedAgain(_help))", "if (nowMs < 0)" },
            { "a start forgets which press has no receipt", "CommandTests", "Journal/JournalRecovery.cs", "_state.Recall(_replayed);", "" },
            { "a reset that came too soon is refused for good", "CommandTests", "Delivery/Commands.cs", "if (!IsUndone(i))", "" },
            { "the other address is never tried", "SessionTests", "Delivery/Connection.cs", "_settings.Host2 != null && !_usesSecond", "false" },
            { "an edge told after a stall is judged by its time", "StallTests", "Inputs/DebouncedInput.cs", "|| wasStalled", "" },
            { "a stuck loop is not looked for", "SupervisionTests", "Supervision/CheckIns.cs", "> _limitMs[loop]", "< -_limitMs[loop]" },
            { "a secret is shown at the service header", "ConfigurationTests", "Configuration/ConfigurationDesk.cs", "if (setting.IsSecret)", "if (setting == null)" },
        };

        /// <summary>Sought on all cores as soon as one is asked for: they know nothing of each other.</summary>
        private static readonly Lazy<Dictionary<string, Task<string>>> failures = new(() => Faults.ToDictionary(
            row => row.Data.Item1, row => Task.Run(() => FirstFailure(Compile(row.Data.Item3, row.Data.Item4, row.Data.Item5), row.Data.Item2))));

        [Fact]
        public void Without_a_fault_no_test_fails()
        {
            Assert.Null(FirstFailure(Compile(null, null, null), null));
        }

        [Theory]
        [MemberData(nameof(Faults))]
        public async Task The_tests_find_it(string fault, string finder, string file, string sound, string faulty)
        {
            var failure = await failures.Value[fault];

            Assert.True(failure != null, $"\"{fault}\" in {file} was not found by any test: neither by {finder} nor by the others ({sound} -> {faulty})");
        }

        /// <summary>Runs every test until one fails; a run that does not end counts as a failure, too.</summary>
        private static string FirstFailure(byte[] image, string first)
        {
            string failure = null;
            var context = new AssemblyLoadContext(null, isCollectible: true);
            var assembly = context.LoadFromStream(new MemoryStream(image));
            var thread = new Thread(() => failure = Run(assembly, first)) { IsBackground = true };
            thread.Start();
            return thread.Join(RunMsMax) ? failure : "a test does not end";
        }

        private static string Run(Assembly assembly, string first)
        {
            foreach (var method in assembly.GetTypes().Where(type => Has(type, "TestClassAttribute")).OrderBy(type => type.Name != first).SelectMany(type => type.GetMethods()).Where(IsTest))
            {
                var rows = method.GetCustomAttributes().Where(attribute => attribute.GetType().Name == "DataRowAttribute")
                    .Select(attribute => (object[])attribute.GetType().GetProperty("MethodParameters").GetValue(attribute)).DefaultIfEmpty(null);
                foreach (var row in rows)
                {
                    try
                    {
                        method.Invoke(Activator.CreateInstance(method.DeclaringType), BindingFlags.DoNotWrapExceptions, null, row, null);
                    }
                    catch (Exception e)
                    {
                        return method.DeclaringType.Name + "." + method.Name + ": " + e.Message;
                    }
                }
            }

            return null;
        }

        private static bool IsTest(MethodInfo method) => Has(method, "TestMethodAttribute") || Has(method, "DataRowAttribute");

        private static bool Has(MemberInfo member, string attribute) => member.GetCustomAttributes().Any(candidate => candidate.GetType().Name == attribute);

        private static byte[] Compile(string file, string good, string faulty)
        {
            var compilation = sound.Value;
            if (file != null)
            {
                var tree = compilation.SyntaxTrees.Single(candidate => candidate.FilePath == file);
                compilation = compilation.ReplaceSyntaxTree(tree, Parse(file, Planted(tree.GetText(default).ToString(), good, faulty)));
            }

            using var image = new MemoryStream();
            var emitted = compilation.Emit(image);
            Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10)));
            return image.ToArray();
        }

        private static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.CSharp9), path);

        private static string Planted(string text, string sound, string faulty)
        {
            Assert.True(text.Split(sound).Length == 2, "the sound text is not exactly once in the file: " + sound);
            return text.Replace(sound, faulty);
        }

        private static (string Path, string Text)[] Sources()
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "Gateway.sln")))
            {
                root = root.Parent;
            }

            return Files(root.FullName, "firmware", "Gateway.Firmware.projitems").Concat(Files(root.FullName, "tests/Firmware", "NFUnitTest.projitems")).ToArray();
        }

        private static IEnumerable<(string Path, string Text)> Files(string root, string folder, string items) =>
            XDocument.Load(Path.Combine(root, folder, items)).Descendants()
                .Where(element => element.Name.LocalName == "Compile")
                .Select(element => element.Attribute("Include").Value.Replace("$(MSBuildThisFileDirectory)", ""))
                .Select(path => (path, File.ReadAllText(Path.Combine(root, folder, path)).Replace("\r\n", "\n")));
    }
}
