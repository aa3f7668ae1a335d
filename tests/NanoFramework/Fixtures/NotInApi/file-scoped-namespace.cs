// expects: CS8773
namespace Snippet;

public static class Uses
{
}
