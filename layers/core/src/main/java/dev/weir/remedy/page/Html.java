package dev.weir.remedy.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.hash.Sha256;
import java.util.Base64;
import java.util.Map;

/** What all pages are made of. */
final class Html {

  private static final String STYLE =
      """
      body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
      h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}
      table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #ddd}
      th{width:9rem;font-weight:600}thead th{width:auto}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font-size:.85rem}
      .tag{display:inline-block;padding:0 .5rem;border-radius:.6rem;background:#e6e6e6;font-size:.85rem}
      .good{background:#d6f0d8}.bad{background:#f6d5d5}.open{background:#fdf0c8}
      label{display:block;margin:.6rem 0 .2rem}input,textarea{font:inherit;width:100%;max-width:30rem;padding:.3rem}
      button{font:inherit;padding:.4rem 1.4rem;margin:1rem .6rem 0 0;cursor:pointer}
      """;

  /** Only the style of the page itself, and a form that leads back to where it came from. */
  private static final String POLICY =
      "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
          .formatted(Base64.getEncoder().encodeToString(Sha256.of(STYLE.getBytes(UTF_8))));

  /** What a page is sent with: it is not kept, not framed, and its address not passed on. */
  static final Map<String, String> HEADERS =
      Map.of(
          "cache-control", "no-store",
          "content-security-policy", POLICY,
          "referrer-policy", "no-referrer",
          "x-content-type-options", "nosniff",
          "x-frame-options", "DENY",
          "x-robots-tag", "noindex");

  static final String TYPE = "text/html; charset=utf-8";

  private Html() {}

  /** A whole page; {@code body} is HTML, {@code title} is text. */
  static byte[] page(String title, String body) {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s</title>
    <style>%s</style>
    </head>
    <body>
    <h1>%1$s</h1>
    %3$s
    </body>
    </html>
    """
        .formatted(text(title), STYLE, body)
        .getBytes(UTF_8);
  }

  /** A text, in an element or in an attribute's value between quotes. */
  static String text(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(Character.isISOControl(c) && c != '\n' ? '\uFFFD' : c);
      }
    }
    return escaped.toString();
  }

  /** A row of a table with a name and a text; nothing where the text is empty. */
  static String row(String name, String text) {
    return text.isEmpty() ? "" : rich(name, text(text));
  }

  /** A row with a name and HTML. */
  static String rich(String name, String html) {
    return "<tr><th>%s</th><td>%s</td></tr>\n".formatted(text(name), html);
  }

  static String table(String rows) {
    return "<table>\n" + rows + "</table>\n";
  }

  static String preformatted(String text) {
    return "<pre>" + text(text) + "</pre>";
  }
}
