// expects: CS0234
using System.Linq;

namespace Snippet
{
    public static class Uses
    {
    }
}
