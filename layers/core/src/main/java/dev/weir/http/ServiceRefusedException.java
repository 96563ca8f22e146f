package dev.weir.http;

import java.io.IOException;
import java.io.Serial;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service's answer that is no success. */
public final class ServiceRefusedException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  /** Of the JSON protocols, with or without a namespace before it. */
  private static final Pattern TYPE =
      Pattern.compile("\"__type\"\\s*:\\s*\"(?:[^\"#]*#)?([^\"]*)\"");

  private final String type;

  ServiceRefusedException(int status, String body) {
    super("status " + status);
    Matcher found = TYPE.matcher(body);
    this.type = found.find() ? found.group(1) : "";
  }

  /** The error's name, such as {@code TaskTimedOut}; empty if the answer has none. */
  public String type() {
    return type;
  }
}
