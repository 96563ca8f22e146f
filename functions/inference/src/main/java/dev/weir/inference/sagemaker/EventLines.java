package dev.weir.inference.sagemaker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins a body of server-sent events (HTML standard, section 9.2.6) that arrives in pieces cut
 * anywhere, within characters too, and gives the data of each event. A line that begins with a
 * brace is an event of its own: some containers send JSON lines. One body, one thread.
 */
final class EventLines {
  private static final int LONGEST_LINE = 4 * 1024 * 1024;
  private static final String MARK = "\uFEFF";

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private boolean hasData;
  private boolean isAfterReturn;
  private boolean isFirst = true;

  /**
   * Takes the next piece.
   *
   * @return the data of the events that are complete with it
   * @throws IOException when a line is longer than any event
   */
  List<String> take(byte[] piece) throws IOException {
    List<String> events = new ArrayList<>();
    for (byte next : piece) {
      boolean isPair = next == '\n' && isAfterReturn;
      isAfterReturn = next == '\r';
      if (next == '\n' || next == '\r') {
        if (!isPair) {
          endLine(events);
        }
      } else if (line.size() == LONGEST_LINE) {
        throw new IOException("an event is too long");
      } else {
        line.write(next);
      }
    }
    return events;
  }

  /** The body has ended: the data of the event that was still open. */
  List<String> end() {
    List<String> events = new ArrayList<>();
    endLine(events);
    dispatch(events);
    return events;
  }

  private void endLine(List<String> events) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (isFirst && text.startsWith(MARK)) {
      text = text.substring(1);
    }
    isFirst = false;
    if (text.isEmpty()) {
      dispatch(events);
    } else if (text.startsWith("{")) {
      dispatch(events);
      events.add(text);
    } else if (text.startsWith("data:")) {
      data.append(hasData ? "\n" : "")
          .append(text, text.startsWith("data: ") ? 6 : 5, text.length());
      hasData = true;
    }
  }

  private void dispatch(List<String> events) {
    if (hasData) {
      events.add(data.toString());
      data.setLength(0);
      hasData = false;
    }
  }
}
