package dev.weir.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** An SNS topic to publish to (Publish). Thread-safe. */
public final class Topic {

  /** SNS refuses a longer subject. */
  private static final int LONGEST_SUBJECT = 100;

  private final ServiceCall sns;
  private final String arn;

  /**
   * @param sns the service {@code sns}
   */
  public Topic(ServiceCall sns, String arn) {
    this.sns = sns;
    this.arn = arn;
  }

  /**
   * Publishes a message.
   *
   * @param subject in ASCII; cut where it is too long
   * @throws java.io.UncheckedIOException when it may not have been published
   */
  public void publish(String subject, String message) {
    Map<String, String> request = new LinkedHashMap<>();
    request.put("Action", "Publish");
    request.put("Version", "2010-03-31");
    request.put("TopicArn", arn);
    request.put("Subject", subject.substring(0, Math.min(subject.length(), LONGEST_SUBJECT)));
    request.put("Message", message);
    String form =
        request.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    sns.post("application/x-www-form-urlencoded; charset=utf-8", Map.of(), form.getBytes(UTF_8));
  }
}
