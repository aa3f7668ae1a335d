// expects: CS0518
namespace Snippet
{
    public record Uses(int N);
}
