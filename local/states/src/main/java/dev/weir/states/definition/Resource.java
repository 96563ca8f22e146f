package dev.weir.states.definition;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a task calls.
 *
 * @param sdk whether it is an SDK integration ({@code aws-sdk:<service>:<action>}) rather than an
 *     optimised one
 * @param service such as {@code sagemaker} or {@code lambda}
 * @param action in camel case, such as {@code describeEndpoint}
 * @param waitForTaskToken whether the task ends only when its token is sent back
 */
public record Resource(boolean sdk, String service, String action, boolean waitForTaskToken) {
  private static final Pattern ARN =
      Pattern.compile(
          "arn:aws[a-z-]*:states:::(aws-sdk:)?([a-z0-9]+):([a-z][A-Za-z0-9]*)(\\.[A-Za-z:0-9]+)?");
  private static final String TOKEN = ".waitForTaskToken";

  /** Developer guide, "Integrating optimized services"; request-response and callback forms. */
  private static final Set<String> OPTIMISED_WITH_TOKEN =
      Set.of(
          "lambda:invoke",
          "sns:publish",
          "sqs:sendMessage",
          "events:putEvents",
          "states:startExecution");

  private static final Set<String> OPTIMISED =
      Set.of("dynamodb:getItem", "dynamodb:putItem", "dynamodb:updateItem", "dynamodb:deleteItem");

  /**
   * @throws IllegalArgumentException if it is none that this runner supports
   */
  static Resource of(String arn) {
    Matcher parts = ARN.matcher(arn);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + arn + "' is no SDK or optimised integration");
    }
    boolean sdk = parts.group(1) != null;
    String call = parts.group(2) + ":" + parts.group(3);
    boolean token = TOKEN.equals(parts.group(4));
    if (parts.group(4) != null && !token) {
      throw new IllegalArgumentException("'" + parts.group(4) + "' is not supported; poll instead");
    }
    if (!sdk && !OPTIMISED_WITH_TOKEN.contains(call) && !(OPTIMISED.contains(call) && !token)) {
      throw new IllegalArgumentException("'" + arn + "' is no supported optimised integration");
    }
    return new Resource(sdk, parts.group(2), parts.group(3), token);
  }

  /** As in events: {@code aws-sdk:sagemaker}, {@code lambda}. */
  public String eventType() {
    return sdk ? "aws-sdk:" + service : service;
  }

  /** As in events: {@code describeEndpoint}, {@code publish.waitForTaskToken}. */
  public String eventName() {
    return waitForTaskToken ? action + TOKEN : action;
  }
}
