using Gateway.EndToEnd.Tests;
using Xunit;

// Each test runs processes of its own, with data and ports of its own, and much of its time is waiting: two at a time. What measures in the browser runs alone (Alone).
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

[assembly: AssemblyFixture(typeof(Chromium))]
