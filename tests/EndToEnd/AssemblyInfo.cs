using Gateway.EndToEnd.Tests;
using Xunit;

// Each test runs processes of its own, with clocks of its own: one at a time, so that they do not starve each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

[assembly: AssemblyFixture(typeof(Chromium))]
