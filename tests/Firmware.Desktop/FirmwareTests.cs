using System;
using System.Linq;
using System.Reflection;
using nanoFramework.TestFramework;
using Xunit;

namespace Gateway.Firmware.Tests.Desktop
{
    /// <summary>Runs every test method of the nanoFramework test classes as one case, data rows apart, with a fresh instance each.</summary>
    public sealed class FirmwareTests
    {
        public static TheoryData<string, int> Cases()
        {
            var cases = new TheoryData<string, int>();
            foreach (var method in Methods())
            {
                var rows = Math.Max(1, method.GetCustomAttributes<DataRowAttribute>().Count());
                for (var row = 0; row < rows; row++)
                {
                    cases.Add(method.DeclaringType.Name + "." + method.Name, row);
                }
            }

            return cases;
        }

        [Theory]
        [MemberData(nameof(Cases))]
        public void Runs(string test, int row)
        {
            var method = Methods().Single(candidate => candidate.DeclaringType.Name + "." + candidate.Name == test);
            var data = method.GetCustomAttributes<DataRowAttribute>().ElementAtOrDefault(row);
            var instance = Activator.CreateInstance(method.DeclaringType);
            try
            {
                Call(instance, typeof(SetupAttribute));
                method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, data?.MethodParameters, null);
            }
            catch (SkipTestException skipped)
            {
                Xunit.Assert.Skip(skipped.Message);
            }
            finally
            {
                Call(instance, typeof(CleanupAttribute));
            }
        }

        private static MethodInfo[] Methods()
        {
            return typeof(FirmwareTests).Assembly.GetTypes()
                .Where(type => type.IsDefined(typeof(TestClassAttribute)))
                .SelectMany(type => type.GetMethods())
                .Where(method => method.IsDefined(typeof(TestMethodAttribute)) || method.IsDefined(typeof(DataRowAttribute)))
                .ToArray();
        }

        private static void Call(object instance, Type attribute)
        {
            foreach (var method in instance.GetType().GetMethods().Where(method => method.IsDefined(attribute)))
            {
                method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, null, null);
            }
        }
    }
}
