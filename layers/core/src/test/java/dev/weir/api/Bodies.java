package dev.weir.api;

import java.nio.charset.StandardCharsets;

/** Request bodies of the reader's tests, written with single quotes. */
final class Bodies {
  static final String HI = "[{'role':'user','content':'hi'}]";

  static final String CALL =
      "{'role':'assistant','tool_calls':[{'id':'c1','type':'function',"
          + "'function':{'name':'f','arguments':'{\\'a\\': 1}'}}]}";

  static final String TOOLS =
      "'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}]";

  private static final ChatRequestReader READER = new ChatRequestReader(10_000);

  static ChatRequest read(String json) {
    return switch (READER.read(bytes(json))) {
      case Parsed.Ok<ChatRequest>(ChatRequest request) -> request;
      case Parsed.Bad<ChatRequest>(ApiError error) -> throw new AssertionError(error.toString());
    };
  }

  static ApiError refusal(String json) {
    return error(bytes(json));
  }

  static ApiError error(byte[] body) {
    return switch (READER.read(body)) {
      case Parsed.Ok<ChatRequest>(ChatRequest request) ->
          throw new AssertionError(request.toString());
      case Parsed.Bad<ChatRequest>(ApiError error) -> error;
    };
  }

  /** Turns the tests' single quotes into JSON's; an escaped one into a quote within a string. */
  static byte[] bytes(String json) {
    return json.replace("\\'", "\\\"").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  static String with(String fields) {
    return "{'model':'m','messages':" + HI + "," + fields + "}";
  }

  static String messages(String messages) {
    return "{'model':'m','messages':[" + messages + "]}";
  }

  static String image(String url) {
    return messages(
        "{'role':'user','content':[{'type':'text','text':'see'},"
            + "{'type':'image_url','image_url':{'url':'"
            + url
            + "'}}]}");
  }

  private Bodies() {}
}
