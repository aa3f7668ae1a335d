using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Gateway.Hub.Console;

/// <summary>Style sheets, modules and pictures, embedded in the assembly: nothing to copy, nothing fetched from elsewhere. Revalidated by ETag, so a new build is seen at once.</summary>
public static class ConsoleAssets
{
    private const string ResourcePrefix = "asset/";
    private const string WorkerSuffix = "-worker.js";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".webmanifest"] = "application/manifest+json",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    /// <summary>Serves every <c>asset/*</c> resource of the assembly below <paramref name="path"/>; another assembly with pages of its own calls it for itself.</summary>
    public static void MapAssets(this IEndpointRouteBuilder endpoints, Assembly assembly, string path)
    {
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            var bytes = Read(assembly, resource);
            var type = ContentTypes[Path.GetExtension(resource)];
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
            endpoints.MapGet($"{path}/{resource[ResourcePrefix.Length..]}", (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-cache";
                if (resource.EndsWith(WorkerSuffix, StringComparison.Ordinal))
                {
                    // A worker may else serve only what lies below its own path.
                    context.Response.Headers["Service-Worker-Allowed"] = "/field";
                }

                return TypedResults.Bytes(bytes, type, entityTag: tag);
            }).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static byte[] Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
