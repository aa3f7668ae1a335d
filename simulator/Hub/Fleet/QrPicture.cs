using System.Globalization;
using System.Text;
using QRCoder;

namespace Gateway.Hub.Fleet;

/// <summary>A QR code as an SVG document of one path, without styles, so that it stands under the console's content security policy.</summary>
public static class QrPicture
{
    /// <exception cref="ArgumentException">The text is longer than a code holds (2,331 bytes at this level).</exception>
    public static string Svg(string text)
    {
        using var generator = new QRCodeGenerator();

        // Level M: a screen is clean, a code of a provisioning file should stay small enough for a telephone.
        QRCodeData code;
        try
        {
            code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        }
        catch (QRCoder.Exceptions.DataTooLongException e)
        {
            throw new ArgumentException("The text is longer than a QR code holds.", nameof(text), e);
        }

        using (code)
        {
            // The matrix of the library has the quiet zone of four modules around it already.
            var side = code.ModuleMatrix.Count;
            var path = new StringBuilder();
            for (var y = 0; y < side; y++)
            {
                for (var x = 0; x < side; x++)
                {
                    if (code.ModuleMatrix[y][x])
                    {
                        path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                    }
                }
            }

            return $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" role=\"img\"><rect width=\"{side}\" height=\"{side}\" fill=\"#ffffff\"/><path fill=\"#000000\" d=\"{path}\"/></svg>";
        }
    }
}
