package dev.weir.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The one table that is printed, in Markdown. */
final class Table {
  private record Row(String what, String without, String with, String difference, String aim) {}

  private final List<Row> rows = new ArrayList<>();

  /** Two samples' p50 in milliseconds, side by side. */
  Table median(String what, Sample without, Sample with, String aim) {
    return quantile(
        "%s, p50 of %d".formatted(what, with.size()), without.median(), with.median(), aim);
  }

  /** Two samples' p50 and p95 in milliseconds, side by side. */
  Table compare(String what, Sample without, Sample with, String aim) {
    median(what, without, with, aim);
    return quantile(what + ", p95", without.quantile(0.95), with.quantile(0.95), "");
  }

  private Table quantile(String what, double without, double with, String aim) {
    return row(
        what,
        format("%.2f ms", without),
        format("%.2f ms", with),
        format("%+.2f ms, %.2f x", with - without, with / without),
        aim);
  }

  /** Any row; empty texts where there is nothing to say. */
  Table row(String what, String without, String with, String difference, String aim) {
    rows.add(new Row(what, without, with, difference, aim));
    return this;
  }

  /** Formats in the form that every figure here has, whatever the machine's language. */
  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| what | without | with Weir | difference | aim |\n");
    text.append("|---|--:|--:|--:|--:|\n");
    for (Row row : rows) {
      text.append(
          "| %s | %s | %s | %s | %s |\n"
              .formatted(row.what(), row.without(), row.with(), row.difference(), row.aim()));
    }
    return text.toString();
  }
}
